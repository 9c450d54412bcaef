/** Lines are told apart by colour, and by their dashes where there is no colour. */
export const lineStyles = [
  { colour: 'var(--series-1)', dashes: 'none' },
  { colour: 'var(--series-2)', dashes: '6 3' },
  { colour: 'var(--series-3)', dashes: '2 3' },
  { colour: 'var(--series-4)', dashes: '9 3 2 3' },
] as const;
