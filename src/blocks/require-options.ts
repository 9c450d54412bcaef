import { nearestName } from '../quantities/index.ts';

/** Every name that options may have: with this type the compiler misses one that is forgotten. */
export type OptionNames<Options> = { readonly [Name in keyof Required<Options>]: true };

/**
 * An option whose name is misspelt would leave a block with its default, and nobody would notice where no compiler looks.
 *
 * @param what whose options they are
 * @throws TypeError when one is given that is not among `names`; one that is undefined is not given
 */
export function requireOptions(what: string, options: object, names: object): void {
  // Limiters are made anew for each request where they race for a store: nothing is allocated for options that are right.
  for (const name in options) {
    if (Object.hasOwn(names, name) || options[name as keyof typeof options] === undefined) continue;
    const known = Object.keys(names);
    const nearest = nearestName(name, known);
    const hint = nearest === null ? '' : `: did you mean ${nearest}?`;
    throw new TypeError(`${what} has no option ${name}; it has ${known.join(', ') || 'none'}${hint}`);
  }
}
