import type { PlanFault } from '../../design/plan-scenario.ts';
import type { RandomStream, Sampler } from '../../kernel/index.ts';
import type { FaultTable } from './fault-table.ts';

/** A fault of the messages from some components to others. */
export type LinkFault = Extract<PlanFault, { fault: 'cut' | 'link' }>;

/**
 * What becomes of messages between instances at present. Instances that no fault tells apart stand at one site: all of a
 * component, those in each zone, or each by itself where a fault names a part of the component.
 */
export class Links {
  private readonly table: FaultTable;
  private readonly samplers: readonly Sampler[];
  private readonly components: number;
  /** Number of the first site of each component, and over how many its instances go round. */
  private readonly first: Int32Array;
  private readonly round: Int32Array;
  private readonly sites: number;
  /** By link, from × sites + to. */
  private readonly cuts: Int32Array;
  private readonly losses: Float64Array;
  private readonly delays: (Sampler | null)[];

  constructor(table: FaultTable, samplers: readonly Sampler[]) {
    this.table = table;
    this.samplers = samplers;
    this.components = table.instances.length;
    this.first = new Int32Array(this.components);
    this.round = Int32Array.from(table.zones, (zones, component) =>
      table.parted.has(component) ? table.instances[component]! : Math.max(1, zones.length),
    );
    let sites = 0;
    this.round.forEach((some, component) => {
      this.first[component] = sites;
      sites += some;
    });
    this.sites = sites;
    this.cuts = new Int32Array(sites ** 2);
    this.losses = new Float64Array(sites ** 2);
    this.delays = new Array<Sampler | null>(sites ** 2).fill(null);
  }

  /**
   * A fault begins, or is over.
   * @param delay the sampler of what it adds to the latency; null = nothing
   */
  strike(fault: LinkFault, begins: boolean, delay: number | null): void {
    const to = this.sitesOf(fault.to, fault.toZones, fault.toPart);
    for (const from of this.sitesOf(fault.from, fault.fromZones, fault.fromPart)) {
      for (const other of to) {
        const link = from * this.sites + other;
        if (fault.fault === 'cut') this.cuts[link]! += begins ? 1 : -1;
        else {
          this.losses[link]! += begins ? fault.loss : -fault.loss;
          if (delay !== null) this.delays[link] = begins ? this.samplers[delay]! : null;
        }
      }
    }
  }

  /** Whether no message arrives. */
  isCut(link: number): boolean {
    return this.cuts[link]! > 0;
  }

  /** Seconds by which a message is late that is sent now; Infinity when it never arrives. */
  lateness(link: number, random: RandomStream): number {
    if (this.cuts[link]! > 0) return Number.POSITIVE_INFINITY;
    let late = 0;
    const loss = this.losses[link]!;
    if (loss > 0) {
      for (let pause = this.table.retransmit; random.next() < loss; pause *= 2) {
        late += pause;
        if (late > this.table.giveUp) return Number.POSITIVE_INFINITY;
      }
    }
    const delay = this.delays[link]!;
    return delay === null ? late : late + delay.draw();
  }

  /** The link from an instance of a component to one of another. */
  between(from: number, sender: number, to: number, receiver: number): number {
    return this.siteOf(from, sender) * this.sites + this.siteOf(to, receiver);
  }

  /** The link from a component to another, by one number for both: from × components + to. */
  ofPair(pair: number, sender: number, receiver: number): number {
    return this.between(Math.trunc(pair / this.components), sender, pair % this.components, receiver);
  }

  private siteOf(component: number, instance: number): number {
    return this.first[component]! + (instance % this.round[component]!);
  }

  /** Sites of components: all, or those in some zones, or of some instances. */
  private sitesOf(
    components: readonly number[],
    zones: LinkFault['fromZones'],
    part: LinkFault['fromPart'],
  ): number[] {
    return components.flatMap((component) => {
      const standing = this.table.zones[component]!;
      const sites = Array.from({ length: this.round[component]! }, (_, i) => i);
      const hit = sites.filter(
        (i) =>
          (zones === undefined || standing.length === 0 || zones.includes(standing[i % standing.length]!)) &&
          (part === undefined || (i >= part.first && i < part.first + part.instances)),
      );
      return hit.map((i) => this.first[component]! + i);
    });
  }
}
