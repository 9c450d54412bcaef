import type { KindKnob, KindVariant, Plan } from '../../design/index.ts';
import { parseQuantity, printQuantity } from '../../quantities/index.ts';
import { componentKnobs, type KnobKinds } from '../sensitivity/knobs.ts';
import { type Move, type Situation, split } from './move.ts';
import { together } from './together.ts';

/** Room for copies, and the time they last, go up by so much at once: hit ratios grow with their logarithm. */
const COPIES_FACTOR = 4;

/** More of what gives way first: instances, cores, connections, as the kind of the component says. */
export function more({ narrow, plan, kinds }: Situation): Move[] {
  return narrow.flatMap(({ component, station, factor }) => {
    const planned = plan.components.find(({ name }) => name === component)!;
    const because = `${component}.${station} gives way first, and there is more of it then`;
    const knobs = componentKnobs(plan, planned, kinds).filter(({ relieves }) => relieves.includes(station));
    const joint = knobs
      .filter((knob) => knob.joint === true)
      .flatMap((knob) => knobMove(component, knob, factor, because));
    return [
      ...(joint.length > 1 ? [together(joint, { because, helps: 'load' })] : []),
      ...knobs.flatMap((knob) => knobMove(component, knob, factor, because)),
    ];
  });
}

/** Components that are full together, at most, of which more is tried together, and ways to have more of each. */
const TOGETHER = 6;
const WAYS = 2;
/** Of so many each way is tried with each of the others. */
const CROSSED = 2;

/** More of all that gives way at about the same load: of one alone the others keep the load from growing. */
export function moreTogether(situation: Situation): Move[] {
  const byComponent = new Map<string, Move[]>();
  for (const move of more(situation)) {
    const [component] = split(move.name);
    byComponent.set(component, [...(byComponent.get(component) ?? []), move]);
  }
  const parts = [...byComponent.values()].slice(0, TOGETHER);
  if (parts.length < 2) return [];
  const all: Move[][] =
    parts.length > CROSSED
      ? Array.from({ length: WAYS }, (_, way) => parts.map((moves) => moves[way] ?? moves[0]!))
      : parts.reduce<Move[][]>(
          (sets, moves) => sets.flatMap((set) => moves.slice(0, WAYS).map((move) => [...set, move])),
          [[]],
        );
  return all.map((set) =>
    together(set, {
      because: 'they give way at about the same load, and more of one alone changes little',
      helps: 'load',
    }),
  );
}

/** More copies, or for longer, on the way to what gives way first: fewer requests come that far. */
export function moreCopies({ narrow, plan, kinds, way, design }: Situation): Move[] {
  const [first] = narrow;
  if (first === undefined) return [];
  return plan.components
    .filter(({ name }) => way.has(name) || readThrough(design, name))
    .flatMap((component) => {
      const held = component.data['holds'];
      const count = held === undefined ? Number.POSITIVE_INFINITY : plan.data[held]!.count.value;
      const knobs = componentKnobs(plan, component, kinds);
      return knobs
        .filter(({ spares }) => spares === true)
        .map((knob) => (knob.setting[0] === 'items' ? { ...knob, most: Math.min(knob.most, count) } : knob))
        .flatMap((knob) =>
          knobMove(
            component.name,
            knob,
            COPIES_FACTOR,
            `${first.component}.${first.station} gives way first, and fewer requests come to it then`,
          ),
        );
    });
}

/** Whether some step reads through a component. */
function readThrough({ components }: Situation['design'], name: string): boolean {
  return JSON.stringify(Object.values(components)).includes(`"through":${JSON.stringify(name)}`);
}

/** Other choices of the components on the way, as their kinds say. */
export function variants({ plan, kinds, way, narrow, design, broken }: Situation): Move[] {
  return plan.components.flatMap((component) => {
    const isStale = plan.goals.some(
      ({ metric, replicas }, g) =>
        metric === 'stale' && replicas === component.name && broken.goals[g]!.met === false,
    );
    const fits: Readonly<Record<KindVariant['helps'], boolean>> = {
      itself: narrow.some((each) => each.component === component.name),
      behind: narrow.length > 0 && (way.has(component.name) || readThrough(design, component.name)),
      freshness: isStale,
      availability: true,
    };
    const all = kinds.moves.get(component.kind)?.variants?.(component.settings) ?? [];
    return all.filter(({ helps }) => fits[helps]).map((variant) => variantMove(component.name, variant, all));
  });
}

/**
 * A second instance of what has one, so that it may fail: alone, and so that those who choose leave out one that is down;
 * where there are several that nobody leaves out, that alone.
 */
export function seconds({ plan, kinds }: Situation): Move[] {
  return plan.components.flatMap((component) => {
    const knobs = componentKnobs(plan, component, kinds);
    const several = knobs.filter(({ instances, now }) => instances === true && now > 1);
    return [
      ...several.flatMap(({ leavingOut }) =>
        leavingOut === undefined ? [] : [leftOut(component.name, leavingOut)],
      ),
      ...secondOf(component, knobs),
    ];
  });

  function secondOf(component: Plan['components'][number], knobs: readonly KindKnob[]): Move[] {
    return knobs
      .filter(({ instances, now }) => instances === true && now === 1)
      .flatMap((knob) => {
        const because = 'there is one, and with it down requests fail';
        const more = knobMove(component.name, knob, 2, because);
        const probed = more.flatMap((second) => [
          ...(knob.leavingOut === undefined ? [] : [withSets(second, component.name, knob.leavingOut)]),
          ...choosersOf(plan, component.index, kinds).map(({ name, sets }) => withSets(second, name, sets)),
        ]);
        return [...more, ...probed].map(
          (move): Move => ({ ...move, name: `${move.name} (a second)`, helps: 'availability' }),
        );
      });
  }
}

/** Those who ask leave out an instance that is down. */
function leftOut(component: string, sets: KindVariant['sets']): Move {
  const names = sets.map(({ setting }) => [component, ...setting].join('.'));
  return {
    name: names.join(' + '),
    chose: `${component}: probes of every instance`,
    over: 'asking on those that are down',
    because: 'an instance that is dead gets its share of the requests until somebody leaves it out',
    sacrifices: 'probes, and one that is only slow may be taken out',
    edits: sets.map(({ setting, value }) => ({ path: ['components', component, ...setting], value })),
    helps: 'availability',
  };
}

/** Components that pass requests on to one and go on sending them where it is down, and what changes that. */
function choosersOf(
  { components }: Plan,
  to: number,
  { moves }: KnobKinds,
): { readonly name: string; readonly sets: KindVariant['sets'] }[] {
  return components
    .filter((each) => Object.values(each.components).includes(to))
    .flatMap(({ name, kind, settings }) =>
      (moves.get(kind)?.variants?.(settings) ?? [])
        .filter(({ leavesOut }) => leavesOut === true)
        .map(({ sets }) => ({ name, sets })),
    );
}

/** A move with settings of a component set as well. */
function withSets(move: Move, component: string, sets: KindVariant['sets']): Move {
  const names = sets.map(({ setting }) => [component, ...setting].join('.'));
  return {
    ...move,
    name: [move.name, ...names].join(' + '),
    chose: `${move.chose}, with ${names.join(', ')}`,
    because: `${move.because}; one that is down has to be left out`,
    sacrifices: `${move.sacrifices}; probes, and one that is only slow may be taken out`,
    edits: [
      ...move.edits,
      ...sets.map(({ setting, value }) => ({ path: ['components', component, ...setting], value })),
    ],
  };
}

function variantMove(
  component: string,
  { sets, leaves, chose, over, because, sacrifices, helps }: KindVariant,
  all: readonly KindVariant[],
): Move {
  const { setting, value } = sets[0]!;
  const way = setting.join('.');
  // One setting may be worth changing both ways: then the value tells the moves apart.
  const alone = all.filter((other) => other.sets[0]!.setting.join('.') === way).length === 1;
  return {
    name: `${component}.${way}${alone ? '' : ` ${value}`}`,
    chose: `${component}: ${chose}`,
    over,
    because,
    sacrifices,
    edits: sets.map(({ setting, value }) => ({ path: ['components', component, ...setting], value })),
    helps: helps === 'availability' ? 'availability' : 'load',
    ...(leaves === undefined ? {} : { leaves: leaves.map((word) => `components.${component}.${word}`) }),
  };
}

/** So many times as much of a knob, at least one more where it counts; nothing where it is at its end. */
function knobMove(component: string, knob: KindKnob, factor: number, because: string): Move[] {
  const wanted =
    knob.dimension === 'count'
      ? Math.max(knob.now + 1, Math.ceil(knob.now * factor))
      : roundedUp(knob, knob.now * factor);
  const value = Math.min(knob.most, wanted);
  if (!(value > knob.now)) return [];
  const word = knob.setting.join(' ');
  return [
    {
      name: [component, ...knob.setting].join('.'),
      chose: `${component}: ${word} ${writtenValue(knob, value)}`,
      over: `${word} ${writtenValue(knob, knob.now)}`,
      because,
      sacrifices: knob.sacrifices,
      edits: [{ path: ['components', component, ...knob.setting], value: designValue(knob, value) }],
      helps: 'load',
    },
  ];
}

/** As one would write it: of more than three digits, in the unit of what is there now, two are left, rounded up. */
function roundedUp({ now, dimension }: KindKnob, value: number): number {
  const symbol = printQuantity({ value: now, low: now, high: now }, dimension).replace(
    /^[\d.]+(e[+-]?\d+)?/,
    '',
  );
  const one = parseQuantity(`1${symbol}`, dimension);
  if (!one.ok || !(value > 0 && value < Number.POSITIVE_INFINITY)) return value;
  const unit = one.value.value;
  const exact = Number((value / unit).toPrecision(12));
  if (exact === Number(exact.toPrecision(3))) return exact * unit;
  const step = 10 ** (Math.floor(Math.log10(exact)) - 1);
  return Number((Math.ceil(exact / step) * step).toPrecision(2)) * unit;
}

/** The value of a knob as a design says it. */
export function writtenValue(
  { dimension, written }: Pick<KindKnob, 'dimension' | 'written'>,
  value: number,
): string {
  const text = printQuantity({ value, low: value, high: value }, dimension);
  return written?.(text) ?? text;
}

/** The same as a value of the design: small whole numbers are numbers. */
export function designValue(knob: Pick<KindKnob, 'dimension' | 'written'>, value: number): string | number {
  const text = writtenValue(knob, value);
  return /^\d+$/.test(text) ? Number(text) : text;
}
