import { type Balancer, type BalancerState, hashInteger } from '../../blocks/index.ts';
import type { Random } from '../../kernel/index.ts';

/**
 * A balancer of connections: it chooses a target when one is opened, and all requests over it go there. What it counts as
 * in progress at a target is the connections that are open to it. A target that is no longer available loses its
 * connections. A request that comes over none is a connection of its own.
 */
export class ConnectionBalancer implements Balancer {
  readonly targets: number;
  /** Requests, by target, over whatever connection. */
  readonly inFlight: Int32Array;
  readonly takesWeights: boolean;
  /** Number of the connection that the next `pick`, `started` or `finished` is about; 0 = of no other request. */
  connection = 0;
  /** Whether that was there before, and not opened for the request. */
  isReused = false;
  /** Is told of each connection that loses its target. */
  lost: ((connection: number) => void) | null = null;
  private readonly balancer: Balancer;
  private readonly create: () => Balancer;
  /** By open connection, its target. */
  private readonly open = new Map<number, number>();
  /** Chooses for connections from before the run among the targets there were then. */
  private past: Balancer | null = null;
  /** 1 where a target has lost those that it had then. */
  private readonly wasCut: Uint8Array;
  private single = 0;
  private latest = 0;

  /** @param create makes the balancer that chooses, the same each time */
  constructor(create: () => Balancer) {
    this.create = create;
    this.balancer = create();
    this.targets = this.balancer.targets;
    this.inFlight = new Int32Array(this.targets);
    this.wasCut = new Uint8Array(this.targets);
    this.takesWeights = this.balancer.takesWeights;
  }

  /** @returns the target of the connection, which is chosen when it is first heard of; −1 when none is available */
  pick(random: Random, now: number): number {
    this.past ??= this.asAtStart();
    this.latest = now;
    const { balancer, past, connection, open } = this;
    if (connection === 0) return balancer.pick(random, now, hashInteger(-1 - this.single++));
    const known = open.get(connection);
    if (known !== undefined) return known;
    const key = hashInteger(connection);
    let target = -1;
    if (this.isReused) {
      target = past.pick(random, now, key);
      if (target >= 0) past.started(target, now);
    }
    if (target < 0 || this.wasCut[target] === 1) target = balancer.pick(random, now, key);
    if (target < 0) return target;
    open.set(connection, target);
    balancer.started(target, now);
    return target;
  }

  started(target: number, now: number): void {
    this.inFlight[target]!++;
    if (this.connection === 0) this.balancer.started(target, now);
  }

  finished(target: number, now: number, latency: number, ok: boolean): void {
    this.inFlight[target]!--;
    if (this.connection === 0) this.balancer.finished(target, now, latency, ok);
  }

  /** A connection is closed. */
  closed(connection: number, now: number): void {
    const target = this.open.get(connection);
    if (target === undefined) return;
    this.open.delete(connection);
    this.balancer.finished(target, now, 0, true);
  }

  /** All connections to `target` are lost. */
  cut(target: number): void {
    this.wasCut[target] = 1;
    for (const [connection, of] of this.open) {
      if (of === target) this.lose(connection);
    }
  }

  /** A connection that is open is lost, and whoever had it is told. */
  lose(connection: number): void {
    this.closed(connection, this.latest);
    this.lost?.(connection);
  }

  /** Where a connection goes; −1 for one that is not open. */
  targetOf(connection: number): number {
    return this.open.get(connection) ?? -1;
  }

  available(target: number): boolean {
    return this.balancer.available(target);
  }

  setAvailable(target: number, available: boolean): void {
    this.balancer.setAvailable(target, available);
    if (!available) this.cut(target);
  }

  weight(target: number): number {
    return this.balancer.weight(target);
  }

  setWeight(target: number, weight: number): void {
    this.balancer.setWeight(target, weight);
  }

  /** That of the balancer that chooses; which connections are open is not part of it. */
  snapshot(): BalancerState {
    return this.balancer.snapshot();
  }

  private asAtStart(): Balancer {
    const past = this.create();
    for (let target = 0; target < this.targets; target++) {
      if (!this.balancer.available(target)) past.setAvailable(target, false);
    }
    return past;
  }
}
