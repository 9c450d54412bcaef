import type { Dimension } from '../../quantities/index.ts';

/**
 * Whose view of the world a value is, in the order in which one stands in for another.
 *
 * `cloud-2026`: a present-day public cloud; the default. `classroom`: what teaching material says.
 * `measured-2core`: what one run on a small machine gave, an anchor of magnitude and no benchmark.
 */
export const profiles = ['cloud-2026', 'classroom', 'measured-2core'] as const;

export type Profile = (typeof profiles)[number];

/** The profile of a design that names none. */
export const defaultProfile: Profile = 'cloud-2026';

/** Where a value comes from and how old it is. */
export interface Origin {
  /** A publication, a documentation page, a derivation or a measurement and how it was made. */
  readonly source: string;
  /** Year, month or day of publication or measurement (ISO 8601); for undated notes, when they were read. */
  readonly date: string;
}

export interface ConstantValue extends Origin {
  readonly profile: Profile;
  /** As a design would write it: `0.5ms`, `50ms..150ms`, `122k/s (80k/s..200k/s)`. */
  readonly value: string;
}

/** A number of the field that a design may lean on, with every value that is known for it. */
export interface Constant {
  /** Dotted, from the general to the particular: `rtt.dc`, `cap.redis.ops`. */
  readonly name: string;
  /** What it is, in a phrase. */
  readonly summary: string;
  /** What its values measure. */
  readonly dimension: Dimension;
  /** At most one value a profile, at least one in all, in the order of `profiles`. */
  readonly values: readonly ConstantValue[];
  /** Where the sources disagree and why, or which common claim is wrong; empty when there is nothing to say. */
  readonly note: string;
}
