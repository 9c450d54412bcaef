import type { Plan } from '../../design/plan.ts';
import type { PlanCanary, PlanFault } from '../../design/plan-scenario.ts';
import type { Dependency } from '../dependencies.ts';

/** The canary of a deploy: which it is of those of the scenario, and the number of its first instance. */
export interface CanarySpec extends PlanCanary {
  readonly deploy: number;
  readonly first: number;
}

/** A component whose instances are killed when they run out of memory. */
export interface KillSpec {
  readonly name: string;
  /** Index of the component, and how many instances it has. */
  readonly component: number;
  readonly instances: number;
  /** Seconds until an instance is back. */
  readonly restart: number;
  /** Twice as long after each kill, up to `cap`, until it has run for `reset` seconds; null = always as long. */
  readonly backoff: { readonly cap: number; readonly reset: number } | null;
  /** Way to fail of what dies with it. */
  readonly reason: number;
}

/** What a model says of the faults of a scenario, if there are any; plain data, as the rest of the model. */
export interface FaultTable {
  /** Seconds from the start of the scenario, whichever way the run begins. */
  readonly faults: readonly PlanFault[];
  readonly canaries: readonly CanarySpec[];
  readonly kills: readonly KillSpec[];
  /** For each fault, the sampler of what it adds to the latency of messages; null = nothing. */
  readonly delays: readonly (number | null)[];
  /** Number of the first instance of each component; instances are numbered through. */
  readonly firstInstance: Int32Array;
  /** Instances by component. */
  readonly instances: Int32Array;
  /** Zones that the instances of each component go round over; empty where the plan has no places. */
  readonly zones: readonly (readonly number[])[];
  /** Components of which a fault of messages names a part: each of their instances is told apart. */
  readonly parted: ReadonlySet<number>;
  /** Reasons to fail, by component: its connections are refused, it dies at work, it answers with an error. */
  readonly refused: Int32Array;
  readonly died: Int32Array;
  readonly erred: Int32Array;
  /** Reason of a caller who heard nothing. */
  readonly unreachable: number;
  /** Seconds until a caller who hears nothing gives up; the first retransmission. */
  readonly giveUp: number;
  readonly retransmit: number;
  /** Where the code of each operation, or traffic, begins, ascending; and the component it runs on, −1 for none. */
  readonly codeStarts: Int32Array;
  readonly codeOwners: Int32Array;
}

/** Which exchanges between components faults can spoil, so that code looks only where there is something to see. */
export class FaultSites {
  private readonly entered: ReadonlySet<number>;
  private readonly links: ReadonlySet<string>;
  private readonly frozen: ReadonlySet<number>;
  private readonly drained: ReadonlySet<number>;
  private readonly changed: ReadonlySet<number>;
  /** Components of which a fault of messages names a part. */
  readonly parted: ReadonlySet<number>;

  /** @param killed components whose instances die by themselves, in any run */
  constructor(plan: Plan, killed: Iterable<number>) {
    const faults = plan.scenario?.faults ?? [];
    this.entered = new Set([
      ...faults.flatMap((f) =>
        f.fault === 'crash' || f.fault === 'errors' || f.fault === 'freeze' ? [f.component] : [],
      ),
      ...killed,
    ]);
    this.frozen = new Set(faults.flatMap((f) => (f.fault === 'freeze' ? [f.component] : [])));
    this.changed = new Set(faults.flatMap((f) => (f.fault === 'change' ? [f.data] : [])));
    this.drained = new Set(faults.flatMap((f) => (f.fault === 'drain' ? [f.component] : [])));
    this.parted = new Set(
      faults.flatMap((f) =>
        f.fault === 'cut' || f.fault === 'link'
          ? [...(f.fromPart === undefined ? [] : f.from), ...(f.toPart === undefined ? [] : f.to)]
          : [],
      ),
    );
    this.links = new Set(
      faults.flatMap((f) =>
        f.fault === 'cut' || f.fault === 'link'
          ? f.from.flatMap((from) => f.to.map((to) => `${from} ${to}`))
          : [],
      ),
    );
  }

  /** Whether requests to a component may be turned away, die there, or find it standing still. */
  entry(component: number): boolean {
    return this.entered.has(component);
  }

  /** Whether messages from a component to another may be lost or late. */
  link(from: number | null, to: number): boolean {
    return from !== null && this.links.has(`${from} ${to}`);
  }

  /**
   * Whether a probe of a component may fail that comes from another one, or from beside it (null).
   * @param asked what it asks in its turn
   */
  probe(from: number | null, to: number, asked: readonly Dependency[] = []): boolean {
    const linked = from !== null && (this.link(from, to) || this.link(to, from));
    if (linked || this.entered.has(to) || this.frozen.has(to)) return true;
    return asked.some(({ component, behind }) => this.probe(to, component, behind));
  }

  /** Whether all items of a data have a new version at some time. */
  changes(data: number): boolean {
    return this.changed.has(data);
  }

  /** Whether instances of a component are taken out of use for a while. */
  drains(component: number): boolean {
    return this.drained.has(component);
  }
}
