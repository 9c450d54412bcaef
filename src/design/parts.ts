import { instancesOf, type KindDescription, type Part } from './kind.ts';

/** What a fault names: a component, or a part of one, as `component.part`. */
export interface FaultTarget {
  readonly component: string;
  /** null = the whole component. */
  readonly part: string | null;
}

/** Splits `component.part`. */
export function readTarget(text: string): FaultTarget {
  const dot = text.indexOf('.');
  if (dot < 0) return { component: text.trim(), part: null };
  return { component: text.slice(0, dot).trim(), part: text.slice(dot + 1).trim() };
}

/** The instances of a part of a component, or of all of it; null where it has no such part. */
export function instancesAt(
  part: string | null,
  kind: KindDescription | null | undefined,
  settings: Readonly<Record<string, unknown>>,
): Part | null {
  if (part === null) return { first: 0, instances: instancesOf(kind, settings) };
  return kind?.parts?.(settings).get(part) ?? null;
}
