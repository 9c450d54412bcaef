/** What teaching material says of systems, and what in this repository shows it. */

/** One claim, in short. */
export interface Claim {
  /** Area and number: `AVL-01`. */
  readonly id: string;
  /** What is claimed, in one line, without judging it. */
  readonly says: string;
  /** What shows it; empty where nothing does. */
  readonly shownBy: readonly Evidence[];
  /** What of it is not shown. Left out where all of it is; never left out where nothing is. */
  readonly missing?: string;
}

/** Something that can be run. */
export type Evidence =
  /** A test: its file from the root, and its title as the file has it. */
  | { readonly test: readonly [file: string, title: string] }
  /** The folder of a ready system. */
  | { readonly system: string }
  /** The id of a case of `npm run validate`. */
  | { readonly case: string }
  /** A command of `tenfold`. */
  | { readonly command: string };

export interface Area {
  /** What the ids of its claims begin with. */
  readonly prefix: string;
  readonly title: string;
  /** How many claims there are: a claim that is forgotten is an error, as one too many is. */
  readonly count: number;
  readonly claims: readonly Claim[];
}

export const states = ['shown', 'in part', 'not yet'] as const;
export type State = (typeof states)[number];

export function stateOf({ shownBy, missing }: Claim): State {
  if (shownBy.length === 0) return 'not yet';
  return missing === undefined ? 'shown' : 'in part';
}

/** Tests of one file. */
export function tests(file: string, ...titles: readonly string[]): Evidence[] {
  return titles.map((title) => ({ test: [file, title] }));
}
