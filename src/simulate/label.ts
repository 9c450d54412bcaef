/** A place in the code that is jumped to, perhaps before it is known where it is. */
export interface Label {
  at: number;
  readonly uses: number[];
}
