const namePattern = /^[\p{L}_][\p{L}\p{N}_-]{0,63}$/u;

/** Whether a design can refer to something by this name: a letter, then letters, digits, - and _, at most 64 in all. */
export function isName(name: string): boolean {
  return namePattern.test(name);
}
