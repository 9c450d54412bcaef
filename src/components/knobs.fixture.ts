/** A value as a design file has it. */
type Written = Readonly<Record<string, unknown>>;

/** Two ways to set the component `it`, of which the one differs from the other in a setting. */
export interface Knob {
  readonly between: readonly [Written, Written];
  /** What else the design has to say for that to matter, over the kind's own design; maps are joined. */
  readonly around?: Written;
  /** The second of them cannot be: the setting decides what else has to be said. */
  readonly refused?: true;
}

/** How each setting of a kind moves a figure. */
export interface Knobs {
  /** A design, whose component `it` is of the kind; its scenario `it`, if there is one, is simulated. */
  readonly design: Written;
  /** By setting, as `npx tenfold kinds` names it; a pair alone is one that the kind's design is enough for. */
  readonly settings: Readonly<Record<string, Knob | Knob['between']>>;
}

/** The two designs of a setting. */
export function designsOf({ design, settings }: Knobs, name: string): readonly [Written, Written] {
  const said = settings[name]!;
  const { between, around = {} }: Knob = 'between' in said ? said : { between: said };
  const [a, b] = between.map((it) => joined(joined(design, around), { components: { it } }));
  return [a!, b!];
}

function joined(over: Written, more: Written): Written {
  const both: Record<string, unknown> = { ...over };
  for (const [key, value] of Object.entries(more)) {
    const known = both[key];
    both[key] = isMap(known) && isMap(value) && key !== 'it' ? joined(known, value) : value;
    if (key === 'it' && isMap(known) && isMap(value)) both[key] = { ...known, ...value };
  }
  return both;
}

function isMap(value: unknown): value is Written {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
