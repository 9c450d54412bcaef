import type * as z from 'zod';
import type { AnswerBytes } from './answers.ts';
import type { DiagnosticCode } from './codes.ts';
import type { PlanData, PlanReach } from './plan.ts';

/**
 * All that the language has to know about a kind of component. The language knows no kind by name: a list
 * of these is handed in, so that a user's own kind stands where the built-in ones stand.
 */
export interface KindDescription<
  Name extends string = string,
  Settings extends z.ZodObject = z.ZodObject,
  Operations extends OperationsOffered = OperationsOffered,
> {
  /** What a user writes after `kind:`. */
  readonly name: Name;
  /** One sentence for the docs. */
  readonly summary: string;
  /** Strict object: input as a user writes it, output in base units; built of the fields of quantity-fields.ts and word-fields.ts. */
  readonly settings: Settings;
  /** Where its operations come from. */
  readonly operations: Operations;
  /** What of it can saturate: a sentence for each of its stations, by the name that follows the component's. */
  readonly stations: Readonly<Record<string, string>>;
  /** What other components may use it for. */
  readonly roles: KindRoles;
  /** Settings that name something else in the design. They reach the plan as indices, not as settings. */
  readonly references: Readonly<Record<string, KindReference>>;
  /** A small design fragment in YAML, as the value under the component's name. */
  readonly example: string;
  /**
   * The settings as interpreters read them: base units, JSON-safe, every default filled in.
   * What cannot be is refused through `settling`; then the returned value is not used.
   */
  settle(written: z.output<Settings>, settling: Settling): Readonly<Record<string, unknown>>;
  /** Settings that have no effect in this design, and why. Called only for a design without errors. */
  check?(
    written: z.output<Settings>,
    settled: SettledComponent,
    around: Surroundings,
  ): readonly KindFinding[];
  /** Equal instances, or nodes, that requests are spread over; without it, one. */
  instances?(settings: Readonly<Record<string, unknown>>): number;
  /** Instances each of which keeps a part of the data, so that a read about no key asks all of them; without it, one. */
  shards?(settings: Readonly<Record<string, unknown>>): number;
  /** Of a store: whether its settings, as written, give it replicas of which some may lag, so that goals may be about them. */
  replicated?(written: Readonly<Record<string, unknown>>): boolean;
  /** Parts that a fault can hit alone, by name: the first of their instances, and how many. */
  parts?(settings: Readonly<Record<string, unknown>>): ReadonlyMap<string, Part>;
  /** Of a kind that passes requests on to one of several: the usual share of each. */
  shares?(settings: Readonly<Record<string, unknown>>): readonly number[];
  /**
   * Of such a kind, where it answers by who asks: positions of the several in the order in which it prefers them for
   * those who ask in a region; null where `shares` say it all.
   */
  prefers?(settings: Readonly<Record<string, unknown>>, asking: Whereabouts): readonly number[] | null;
  /** True where it stands wherever somebody asks it, in all regions at once, and is nowhere on the way of a message. */
  readonly placeless?: true;
  /** The constant that says what share of time one of it is up; an estimate takes it. */
  readonly availability?: string;
  /** The constants that an estimate takes prices from: of its instances, unless the design says a `price`, and of what else it has. */
  costs?(
    written: Readonly<Record<string, unknown>>,
    usersIn: readonly string[],
    constant: (name: string) => number,
  ): KindCosts;
  /** Settings of which one machine has so much at most. */
  readonly ceilings?: readonly KindCeiling[];
  /** Whether some request takes work there, which a fault can make slow; without it, wherever the kind has stations. */
  works?(settings: Readonly<Record<string, unknown>>, around: Surroundings): boolean;
  /** True where requests of different priority are treated differently. */
  heedsPriority?(settings: Readonly<Record<string, unknown>>): boolean;
  /** Requests a second that the component takes at most, by a limit that it has; null = it has none. */
  limit?(settings: Readonly<Record<string, unknown>>): number | null;
  /** True where it refuses what is beyond a limit or a quota, and says when to come again. */
  asksToWait?(settings: Readonly<Record<string, unknown>>): boolean;
  /** True for a front that can remember of a key that it stands for nothing. */
  remembersMissing?(settings: Readonly<Record<string, unknown>>): boolean;
  /** Names of the tiers that it limits apart, by the tier of a traffic; without it, or empty, it has none. */
  tiers?(settings: Readonly<Record<string, unknown>>): readonly string[];
  /** Of a kind that passes requests on: what it asks of a front about the key of each of them before it does. */
  readonly consults?: {
    /** The setting that names the front. */
    readonly setting: string;
    asks(settings: Readonly<Record<string, unknown>>): readonly ('lookup' | 'fill')[];
  };
  /** Of a kind that passes requests on as calls: how these get there. */
  reaches?(settings: Readonly<Record<string, unknown>>): PlanReach;
  /** It is where users are, outside of all zones: in a region at most. No fault but of its links hits it. */
  readonly outside?: true;
  /** Of a kind that takes messages in, and hands them on afterwards to whoever works on them. */
  readonly delivers?: DeliveryDescription;
  /** Whether it holds copies of answers, which a fault can flush: always, or by its settings. A `front` does without saying so. */
  readonly holdsCopies?: true | ((settings: Readonly<Record<string, unknown>>) => boolean);
  /** Whether users keep copies of the answers that it passes back to them, by its settings; without it, they do not. */
  usersKeepCopies?(settings: Readonly<Record<string, unknown>>): boolean;
  /** What it does with the answers that it gives, or passes back; without it, nothing. */
  answers?(settings: Readonly<Record<string, unknown>>): KindAnswers;
  /** True where traffic gets shares by its weight. */
  heedsWeight?(settings: Readonly<Record<string, unknown>>): boolean;
}

/** What a component does with answers. */
export interface KindAnswers {
  /** It gives some of them from copies: of the data that this setting names, for these operations, null = for all. */
  readonly copies?: { readonly of: string; readonly operations: readonly string[] | null };
  /** It compresses those that are not compressed: bytes before ÷ bytes after, above 1. */
  readonly ratio?: number;
}

/** Instances of a component, in a row, that have a name of their own. */
export interface Part {
  readonly first: number;
  readonly instances: number;
}

/** Names of constants that are prices. */
export interface KindCosts {
  /** Of its instances. */
  readonly instance: readonly string[];
  /** Of what else it has. */
  readonly component?: readonly string[];
}

/** What the largest machine has of something. */
export interface KindCeiling {
  /** A number of the component, in base units. */
  readonly setting: string;
  /** The constant that says how much the largest has. */
  readonly constant: string;
  /** What to do where more is needed. */
  readonly instead?: string;
}

/** Where the operations of a kind come from. */
export type OperationsOffered =
  /** The user writes them, under `operations:`. */
  | { readonly from: 'design' }
  /** The kind has them. */
  | { readonly from: 'kind'; readonly names: readonly string[] }
  /** The user names them in a list, under this setting. */
  | { readonly from: 'list'; readonly setting: string }
  /**
   * Those of the component that this setting names; requests are passed on to it. With `asCalls`, by calls like those
   * of a step: the settings of the component hold the options. With `routes`, that setting may list routes, each to a
   * component of its own: then there are those of all of them, and `setting` takes what no route does.
   */
  | { readonly from: 'setting'; readonly setting: string; readonly asCalls?: true; readonly routes?: string };

/** Which of its settings say where messages go. */
export interface DeliveryDescription {
  /** The operation that takes a message in. */
  readonly from: string;
  /** The setting that names the operation, or operations, that work on messages. */
  readonly to: string;
  /** The setting that names where a message goes that nobody could work on. */
  readonly deadLetters?: string;
  /** Deliveries of a message at most, null = until one succeeds, and seconds before the next one; without it, these and 0. */
  again?(settings: Readonly<Record<string, unknown>>): {
    readonly attempts: number | null;
    readonly pause: number;
  };
  /** Whether who publishes fails or waits while too many messages are held; without it, never. */
  pressesBack?(settings: Readonly<Record<string, unknown>>): boolean;
}

/** What a component can be used for, with the operations that stand for it. */
export interface KindRoles {
  /** Keeps data: `read … from`, `write … to`. */
  readonly store?: { readonly read: string; readonly write: string };
  /** Stands in front of a store: `read … through`, `write … invalidate`. */
  readonly front?: { readonly lookup: string; readonly fill: string; readonly drop: string };
  /** Has instances of its own that a balancer may choose from. */
  readonly target?: true;
  /** Answers requests that another component passes on. */
  readonly upstream?: true;
  /** Takes messages: `publish`. */
  readonly channel?: { readonly publish: string };
  /** Has instances that work on messages. */
  readonly consumer?: true;
}

/** The name of a role. */
export type KindRole = keyof KindRoles;

/** What a setting names. With `many`, a list is allowed too; with `under`, each of the list names it under that key. */
export type KindReference =
  /** An operation, `component.operation`; of a component alone, the one that is meant unless said. */
  | { readonly to: 'operation'; readonly role: KindRole; readonly unlessSaid: string; readonly many?: true }
  | {
      readonly to: 'component';
      readonly role: KindRole;
      readonly many?: true;
      readonly under?: string;
    }
  | { readonly to: 'data'; readonly many?: true };

/** Handed to `settle`: where defaults come from, and where to complain. */
export interface Settling {
  /** The value of a named constant in base units, from the design's overrides or its profile. */
  constant(name: string): number;
  /** Whether a component that stands for users with connections names this one. */
  readonly askedByUsers: boolean;
  /** Says that the settings cannot be. */
  refuse(finding: KindFinding): void;
}

/** Those who ask in one place, and the components that they may be answered with, in the order written. */
export interface Whereabouts {
  /** Name of the region; null = nowhere in particular. */
  readonly region: string | null;
  readonly targets: readonly {
    /** Mean seconds of a message to its instances. */
    readonly oneWay: number;
    /** Whether some of them stand in the region. */
    readonly here: boolean;
  }[];
}

/** Something a kind says about the settings of one component. */
export interface KindFinding {
  readonly code: DiagnosticCode;
  /** Where, from the component down, e.g. `['cores']`; a number is a place in a list. */
  readonly setting: readonly (string | number)[];
  readonly message: string;
  readonly expected?: string;
  readonly hint?: string;
}

/** A component whose defaults are filled in. */
export interface SettledComponent {
  readonly name: string;
  readonly kind: KindDescription;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** The rest of the design, as far as a kind's checks ask about it. */
export interface Surroundings {
  /** The component that a setting refers to. */
  referred(setting: string): SettledComponent | null;
  /** Every component that a setting refers to, in the order written. */
  referredAll(setting: string): readonly SettledComponent[];
  /** The data that a setting refers to, in the order written. */
  data(setting: string): readonly PlanData[];
  /** True when traffic or a step calls the component itself, not through one that passes requests on. */
  readonly calledDirectly: boolean;
  /** Those that hand messages to the component, and choose its instance. */
  readonly handedMessagesBy: readonly string[];
  /** True when a component that passes requests on, as a balancer does, chooses its instance for some. */
  readonly balanced: boolean;
  /** True when its messages may take time that it does not say itself: those to other regions, or by a fault. */
  readonly remote: boolean;
  /** True when some operation of the component has a `compute` step. */
  readonly computes: boolean;
  /** Names of the components whose steps ask others. */
  readonly callers: ReadonlySet<string>;
  /** True when some request that comes to the component carries a key of data. */
  readonly carriesKeys: boolean;
  /** What the component can be asked to do. */
  readonly operations: readonly string[];
  /** Data of which requests for the operation carry a key, a few of them; null for requests without a key. */
  keysOf(operation: string): readonly (string | null)[];
  /** What the answer to an operation brings when it comes to the component, or is made there. */
  answerOf(operation: string): AnswerBytes;
  /** Who asks it over connections that the design says more of: users alone, some users, or nobody. */
  readonly connected: 'all' | 'some' | 'none';
  /** True when some `read … through` asks the component and fills it. */
  readonly readThrough: boolean;
  /** True when some `read … through` the component asks again and again for the same items that do not exist. */
  readonly readsMissing: boolean;
  /** How many different priorities the traffic of the design has. */
  readonly priorities: number;
  /** How many traffics may come to the component. */
  readonly traffics: number;
  /** Tiers of these, undefined for traffic that has none. */
  readonly tiers: ReadonlySet<string | undefined>;
  /** Names of the regions of the design; null = it has none. */
  readonly regions: readonly string[] | null;
  /** Those of them in which somebody asks a component that stands wherever it is asked. */
  readonly askedFrom: ReadonlySet<string>;
  /** Of such a component that answers by who asks: all who ask it, by where they are. */
  readonly asking: readonly Whereabouts[];
}

/** Types a description from its parts; the returned value is the argument itself. */
export function describeKind<
  const Name extends string,
  Settings extends z.ZodObject,
  const Operations extends OperationsOffered,
>(description: KindDescription<Name, Settings, Operations>): KindDescription<Name, Settings, Operations> {
  return description;
}

/** How many equal instances, or nodes, a component of a kind has. */
export function instancesOf(
  kind: KindDescription | null | undefined,
  settings: Readonly<Record<string, unknown>>,
): number {
  return kind?.instances?.(settings) ?? 1;
}
