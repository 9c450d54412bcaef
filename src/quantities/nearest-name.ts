/** Names longer than this are not compared: no near miss is that long, and the work is quadratic. */
const comparedLengthMax = 64;

/** Shorter beginnings than this say too little. */
const beginningLengthMin = 3;

/**
 * The known name that `name` most likely meant: less than a third of the letters wrong, case ignored, of the longer of
 * the two; else the only one that begins with it, from three letters on; else null.
 */
export function nearestName(name: string, known: Iterable<string>): string | null {
  if (name.length > comparedLengthMax) return null;
  const beginning = name.toLowerCase();
  const begun: string[] = [];
  let best: string | null = null;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    if (candidate.length > comparedLengthMax) continue;
    if (candidate.toLowerCase().startsWith(beginning)) begun.push(candidate);
    const distance = editDistance(beginning, candidate.toLowerCase());
    const most = Math.max(1, Math.floor((Math.max(name.length, candidate.length) - 1) / 3));
    if (distance <= most && distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best ?? (begun.length === 1 && name.length >= beginningLengthMin ? begun[0]! : null);
}

/** Levenshtein distance with swapped neighbours counted as one slip (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let distance = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        distance = Math.min(distance, (beforeLast[column - 2] ?? 0) + 1);
      }
      current.push(distance);
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length] ?? 0;
}
