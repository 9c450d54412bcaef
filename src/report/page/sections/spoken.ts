/** An answer of a terminal as a sentence: without the mark before it, with a capital letter and a full stop. */
export function spoken(answer: string): string {
  const plain = answer.replace(/^\S+ /, '');
  return `${plain.charAt(0).toUpperCase()}${plain.slice(1)}.`;
}
