/** @throws TypeError when `value` is no function */
export function requireFunction(name: string, value: unknown): void {
  if (typeof value !== 'function') throw new TypeError(`${name} must be a function, got ${shown(value)}`);
}

/** @throws TypeError when one of the options of these names is there, and is no function */
export function requireFunctions<Options extends object>(
  options: Options,
  ...names: readonly (keyof Options & string)[]
): void {
  for (const name of names) if (options[name] !== undefined) requireFunction(name, options[name]);
}

/** @throws TypeError when `value` does not have all of these methods, which make it `what` */
export function requireMethods(name: string, what: string, value: unknown, methods: readonly string[]): void {
  const has = (method: string): boolean =>
    typeof (value as Record<string, unknown> | null | undefined)?.[method] === 'function';
  if (methods.every(has)) return;
  throw new TypeError(`${name} must be ${what} with ${methods.join(' and ')}, got ${shown(value)}`);
}

/** What was given, in few words: of an object, the names that it has. */
export function shown(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return String(value);
  const kind = Array.isArray(value) ? 'Object' : (value.constructor?.name ?? 'Object');
  return kind === 'Object' ? `an object of ${Object.keys(value).join(', ') || 'nothing'}` : `a ${kind}`;
}
