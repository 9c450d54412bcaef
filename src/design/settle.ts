import type * as z from 'zod';
import type { ConstantUse } from './constant-use.ts';
import type { Outline, OutlineComponent } from './outline.ts';
import { placeFields } from './places.ts';
import type { Problems } from './problems.ts';

/** What became of the settings of one component. */
export interface Settled {
  /** What the user wrote, in base units. */
  readonly written: Readonly<Record<string, unknown>>;
  /** With every default filled in. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/**
 * Fills in the defaults of every component whose own settings can be read, whatever is wrong elsewhere, and
 * reports the combinations that its kind refuses.
 */
export function settleComponents(
  outline: Outline,
  constants: ConstantUse,
  problems: Problems,
): Map<string, Settled> {
  const settled = new Map<string, Settled>();
  const asked = askedByUsers(outline);
  for (const component of outline.components.values()) {
    const { kind, name } = component;
    if (kind === null) continue;
    const result = kind.settings.safeParse(ownSettings(component)) as z.ZodSafeParseResult<
      Record<string, unknown>
    >;
    // What the schema refuses was reported with the schema of the whole design.
    if (!result.success) continue;
    const before = problems.errors;
    const settings = kind.settle(result.data, {
      constant: (constant) => constants.take(constant),
      askedByUsers: asked.has(name),
      refuse: ({ setting, ...finding }) => {
        problems.report({ ...finding, path: ['components', name, ...setting], at: 'key' });
      },
    });
    // What its kind refuses says nothing of what it would have been.
    if (problems.errors === before) settled.set(name, { written: result.data, settings });
    if (kind.availability !== undefined) constants.take(kind.availability);
  }
  return settled;
}

/** Names of the components that users with connections ask. */
function askedByUsers({ components }: Outline): ReadonlySet<string> {
  return new Set(
    [...components.values()].flatMap(({ kind, next, settings }) =>
      kind?.outside && next !== null && settings['connections'] !== undefined ? [next.name] : [],
    ),
  );
}

function ownSettings({ kind, settings }: OutlineComponent): Record<string, unknown> {
  const { kind: _, operations, ...own }: Record<string, unknown> = settings;
  for (const word of Object.keys(placeFields)) if (!hasSetting(kind, word)) Reflect.deleteProperty(own, word);
  // A kind that brings its operations along has no such key; there it is reported as any other unknown one.
  return kind?.operations.from === 'design' || operations === undefined ? own : { ...own, operations };
}

function hasSetting(kind: OutlineComponent['kind'], name: string): boolean {
  return kind !== null && Object.hasOwn(kind.settings.shape, name);
}
