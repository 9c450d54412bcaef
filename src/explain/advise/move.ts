import type { Edit, Plan } from '../../design/index.ts';
import type { Report } from '../../report/index.ts';
import type { KnobKinds } from '../sensitivity/knobs.ts';

/** A small change of a design that may help, in the words of a decision. */
export interface Move {
  /** What it changes, such as `store.cores`, in one word; no two of a design have the same. */
  readonly name: string;
  readonly chose: string;
  readonly over: string;
  /** Why it fits. */
  readonly because: string;
  /** What it gives up beside money. */
  readonly sacrifices: string;
  readonly edits: readonly Edit[];
  /** Whether it may let more load through, or keep the system up when something fails. */
  readonly helps: 'load' | 'availability';
  /** Places of the design that go where they do nothing with it, such as `components.api.restart`. */
  readonly leaves?: readonly string[];
  /** Stations that must not be full for its headroom to count: work that nobody waits for any more has to be done. */
  readonly keepsUp?: readonly string[];
  /** What it is made of, where it is several moves. */
  readonly steps?: readonly Move[];
}

/** What moves are looked for in. */
export interface Situation {
  /** The design as it is written, as plain values. */
  readonly design: WrittenDesign;
  readonly plan: Plan;
  readonly kinds: KnobKinds;
  /** What gives way first, the one that all others wait for at the front; empty where nothing does. */
  readonly narrow: readonly Narrow[];
  /** Names of the components between those who ask and what is narrow, both included. */
  readonly way: ReadonlySet<string>;
  /** What ran where a goal is missed, or at the highest load. */
  readonly broken: Report;
}

/** Something that gives way first. */
export interface Narrow {
  readonly component: string;
  /** Without the component's name. */
  readonly station: string;
  /** How many times as much of it is worth trying, above 1: about to where the next one gives way. */
  readonly factor: number;
}

/** A design as it is written, as far as moves look at it. Its plan was made, so that its shape is known. */
export interface WrittenDesign {
  readonly data?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly traffic: Readonly<Record<string, { readonly call: string; readonly key?: string }>>;
  readonly components: Readonly<Record<string, WrittenComponent>>;
  readonly decisions?: readonly unknown[];
}

export interface WrittenComponent {
  readonly kind: string;
  readonly operations?: unknown;
}

/** A name that no component has yet. */
export function freeName({ components }: WrittenDesign, wanted: string): string {
  const taken = (name: string) => Object.hasOwn(components, name);
  if (!taken(wanted)) return wanted;
  for (let n = 2; ; n++) if (!taken(`${wanted}-${n}`)) return `${wanted}-${n}`;
}

/** `component.operation` in two. */
export function split(reference: string): readonly [component: string, operation: string] {
  const dot = reference.indexOf('.');
  return dot < 0 ? [reference, ''] : [reference.slice(0, dot), reference.slice(dot + 1)];
}
