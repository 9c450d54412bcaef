/**
 * The constants registry: the numbers of the field, each with a unit, a source and a date, so that no figure of
 * a report comes from nowhere. Where sources disagree, the profiles differ and a note says why.
 *
 * The data is in files by theme, joined in registry.ts; originals.ts names what several of them cite. Ratios
 * between constants are not stored but computed, because those in circulation are often wrong.
 */
export {
  type Constant,
  type ConstantValue,
  defaultProfile,
  type Origin,
  type Profile,
  profiles,
} from './constant.ts';
export { type Region, regions } from './regions.ts';
export { constants } from './registry.ts';
export {
  constantFamily,
  constantsNear,
  findConstant,
  isProfile,
  type ResolvedConstant,
  resolveConstant,
} from './resolve.ts';
