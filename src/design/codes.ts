/** How grave a problem is: an `error` refuses the design, a `warning` lets it pass. */
export type Severity = 'error' | 'warning';

/** What one diagnostic code means; `docs/reference/diagnostics.md` says the same at length. */
export interface CodeMeaning {
  readonly severity: Severity;
  /** One sentence that is true of every diagnostic with this code. */
  readonly meaning: string;
}

/** Every code a design can be answered with. A test holds this list and the reference page together. */
export const codes = {
  // The text itself.
  'file-too-large': error('The file is longer than a design may be.'),
  'not-text': error('The file holds characters that no text has.'),
  'empty-file': error('There is nothing in the file.'),
  'too-deep': error('Values are nested deeper than a design may be.'),
  'too-many-values': error('The file, with its aliases written out, holds more values than a design may.'),
  'too-many-problems': error('There are more problems than are worth listing.'),
  'yaml-syntax': error('The text is not YAML.'),
  'multiple-documents': error('The file holds more than one YAML document.'),
  'duplicate-key': error('The same key is written twice in one map.'),
  'bad-key': error('A key is not a plain word.'),
  'forbidden-key': error('A key has a name that JavaScript gives a meaning of its own.'),
  // The shape.
  'unknown-key': error('A key that has no meaning here.'),
  'missing-key': error('Something that must be said is not said.'),
  'conflicting-keys': error('Two keys that exclude each other are both written.'),
  'wrong-type': error('The value is of another sort than the key takes.'),
  'unknown-value': error('The value is none of the words that the key takes.'),
  'unknown-kind': error('No kind of component has this name.'),
  'unknown-step': error('A step or a fault says none of the things that one can do, or two of them.'),
  'bad-name': error('A name that cannot be referred to.'),
  // The numbers.
  'not-a-quantity': error('The text cannot be read as a number with a unit, or as a distribution.'),
  'unit-mismatch': error('The unit is of another dimension than the key takes.'),
  'out-of-range': error('A number, or how many there are of something, is outside of what is possible here.'),
  'range-where-exact': error('A range is written where one number has to be chosen.'),
  'probability-sum': error('Probabilities of alternatives add up to more than 1.'),
  'parallel-wait-too-large': error('A parallel step waits for more branches than it has.'),
  'endless-journey': error('A journey can reach a state from which it never ends.'),
  'too-much-work': error('One request would cause more steps than any run can follow.'),
  // The references.
  'unknown-reference': error('A name that nothing in the design has.'),
  'unknown-operation': error('The component exists and has no such operation.'),
  'unknown-constant': error('No constant has this name.'),
  'wrong-kind-for-role': error('A component is named for something that its kind cannot do.'),
  'data-not-held': error('The named component does not hold this data.'),
  'call-cycle': error('Operations call each other in a circle, so no call would ever end.'),
  'mixed-keys': error('Some traffic reaches this step with a key of its data, and some without.'),
  'no-request-key': error(
    'The step asks for the key of the request, and the request carries none of this data.',
  ),
  'ambiguous-goal': error('A goal names an operation that more than one traffic calls.'),
  // What is possible and yet has no effect.
  'unreachable-component': warning('No traffic ever reaches this component.'),
  'unreachable-operation': warning('No traffic ever reaches this operation.'),
  'unused-data': warning('Nothing stores, reads or is keyed by this data.'),
  'no-consumer': warning('Messages are published to a queue that nobody works on.'),
  'no-route': warning(
    'Requests come to a component whose routes take none of them, or not all, and nothing takes the rest.',
  ),
  'beyond-quota': warning('More is asked of a managed service than its provider lets one have.'),
  'beyond-largest': warning('More is asked of one machine than the largest one has.'),
  'idle-knob': warning('The setting changes nothing here.'),
} as const satisfies Readonly<Record<string, CodeMeaning>>;

/** The name of one sort of problem. */
export type DiagnosticCode = keyof typeof codes;

function error(meaning: string): CodeMeaning {
  return { severity: 'error', meaning };
}

function warning(meaning: string): CodeMeaning {
  return { severity: 'warning', meaning };
}
