/** A number with its 95 % confidence interval (simulation) or 90 % input range (estimate). */
export interface Figure {
  /** null = unknown. */
  readonly value: number | null;
  /** Lower end; null = no interval could be had. */
  readonly low: number | null;
  /** Upper end; null = no interval could be had. */
  readonly high: number | null;
  /** Base unit; `1` is a share of 1 or a number of things. */
  readonly unit: 's' | '1/s' | '1' | 'B' | 'B/s' | '$' | '$/s';
}
