import type { PlanStep } from '../../design/plan.ts';
import { cumulate } from '../balancing/choice.ts';
import type { Label } from '../label.ts';
import type { Assembly } from './assembly.ts';
import * as op from './instructions.ts';

/** What is needed of an code. */
interface Code {
  readonly assembly: Assembly;
  slot(): number;
  label(): Label;
  place(label: Label): void;
  jump(label: Label): void;
  targets(labels: readonly Label[]): Int32Array;
  purposeOf(what: string): string;
  emit(opcode: number, a?: number | Label, b?: number | Label, c?: number | Label): void;
}

/** Writes the code of steps where they stand. */
type Run = (steps: readonly PlanStep[]) => void;

/** Does `body` so many times; nothing where that is less than once. */
export function emitRepeat(code: Code, times: number, body: () => void): void {
  if (times < 1) return;
  const counter = code.slot();
  const again = code.label();
  code.emit(op.SET, counter, times);
  code.place(again);
  body();
  code.emit(op.LOOP, counter, again);
}

/** Does one of several, each by its probability; none with what is left of 1. */
export function emitChoose(
  code: Code,
  cases: readonly { readonly probability: number; readonly steps: readonly PlanStep[] }[],
  run: Run,
): void {
  const end = code.label();
  const labels = cases.map(() => code.label());
  const odds = cases.map(({ probability }) => probability);
  emitBranch(code, odds, labels, end);
  cases.forEach((c, i) => {
    code.place(labels[i]!);
    run(c.steps);
    code.jump(end);
  });
  code.place(end);
}

/** Walks from state to state by probabilities, from the first one on; it ends with what is left of 1. */
export function emitJourney(
  code: Code,
  states: readonly {
    readonly steps: readonly PlanStep[];
    readonly next: readonly { readonly state: number; readonly probability: number }[];
  }[],
  run: Run,
): void {
  const end = code.label();
  const labels = states.map(() => code.label());
  states.forEach((state, i) => {
    code.place(labels[i]!);
    run(state.steps);
    emitBranch(
      code,
      state.next.map((n) => n.probability),
      state.next.map((n) => labels[n.state]!),
      end,
    );
  });
  code.place(end);
}

/** Goes on at one of the labels by probability, at `otherwise` with what is left of 1. */
function emitBranch(
  code: Code,
  probabilities: readonly number[],
  labels: readonly Label[],
  otherwise: Label,
): void {
  if (probabilities.length === 0) {
    code.jump(otherwise);
    return;
  }
  const cumulative = cumulate(probabilities);
  const targets = code.targets([...labels, otherwise]);
  code.emit(op.CHOOSE, code.assembly.choice({ cumulative, targets, purpose: code.purposeOf('choice') }));
}
