import type { RandomStream, Sampler } from '../../kernel/index.ts';
import type { Dependency } from '../dependencies.ts';
import type { FollowerSpec } from '../replicas/follower-spec.ts';
import type { QuorumSpec } from '../replicas/quorum-spec.ts';

/** A probe that is turned away, or answered badly: at once. */
export const BAD_ANSWER = -1;

/** What there is to find out about instances. */
export interface Probed {
  /**
   * What becomes of a message to an instance of component `to` and of its answer.
   * @param from the component that asks; null = it asks from beside the instance
   * @param sender which instance of it
   * @returns seconds by which a good answer is late beyond the network's latency; Infinity when there is none,
   *     `BAD_ANSWER` when it is a bad one
   */
  ask(from: number | null, to: number, instance: number, random: RandomStream, sender?: number): number;
  /** An instance of a component that takes requests from one of another component, by chance; −1 where none does. */
  find(from: number, sender: number, to: number, random: RandomStream): number;
  /** The primary of a shard of a component with followers, by chance which; −1 where none takes requests. */
  primaryOf(followers: number, random: RandomStream): number;
}

/** Probes whose answer is good only where all are well that the instance asks: it asks them at once. */
export class DeepProbes {
  private readonly dependencies: readonly Dependency[];
  private readonly quorums: readonly QuorumSpec[];
  private readonly followers: readonly FollowerSpec[];
  private readonly latency: Sampler;
  private readonly probed: Probed;

  /**
   * @param quorums those of the model: a component that has one is asked as its reads and writes ask it
   * @param followers the same of components with a primary and followers
   * @param latency of the network, one way
   */
  constructor(
    dependencies: readonly Dependency[],
    quorums: readonly QuorumSpec[],
    followers: readonly FollowerSpec[],
    latency: Sampler,
    probed: Probed,
  ) {
    this.dependencies = dependencies;
    this.quorums = quorums;
    this.followers = followers;
    this.latency = latency;
    this.probed = probed;
  }

  /**
   * What an instance of a component answers that has been reached.
   * @param late by how much an answer for itself alone is
   * @returns as `Probed.ask`, with the network between it and what it asks
   */
  answer(of: number, instance: number, late: number, random: RandomStream): number {
    let latest = 0;
    for (const dependency of this.dependencies) {
      const answer = this.ask(of, instance, dependency, random);
      if (answer === BAD_ANSWER) return BAD_ANSWER;
      latest = Math.max(latest, answer);
    }
    return late + latest;
  }

  /** One of its instances that takes requests is asked; where it passes them on, something there has to answer. */
  private ask(from: number, sender: number, dependency: Dependency, random: RandomStream): number {
    const { component, behind } = dependency;
    const quorum = this.quorums.find((each) => each.component === component);
    if (quorum !== undefined) return this.askReplicas(from, sender, dependency, quorum, random);
    const following = this.followers.findIndex((each) => each.component === component);
    const instance =
      following >= 0 && needsPrimary(this.followers[following]!, dependency)
        ? this.probed.primaryOf(following, random)
        : this.probed.find(from, sender, component, random);
    if (following >= 0 && instance < 0) return BAD_ANSWER;
    const late = this.probed.ask(from, component, Math.max(0, instance), random, sender);
    if (late === BAD_ANSWER || late === Number.POSITIVE_INFINITY) return late;
    const here = late + this.latency.draw() + this.latency.draw();
    if (behind.length === 0) return here;
    let best = BAD_ANSWER;
    for (const next of behind) {
      const answer = this.ask(component, instance, next, random);
      if (answer !== BAD_ANSWER && (best === BAD_ANSWER || answer < best)) best = answer;
    }
    return best === BAD_ANSWER ? BAD_ANSWER : here + best;
  }

  /**
   * All replicas of a shard are asked, and as many have to answer well as the reads and writes need that are asked for. Where
   * too many turn it away, the rest cannot be enough; where some stay silent, they are waited for.
   */
  private askReplicas(
    from: number,
    sender: number,
    { component, operations }: Dependency,
    { sizes, writes }: QuorumSpec,
    random: RandomStream,
  ): number {
    const { replicas } = sizes;
    const needed = operations.map((operation) => (operation === writes ? sizes.writes : sizes.reads));
    const found = Math.max(0, this.probed.find(from, sender, component, random));
    const first = found - (found % replicas);
    const answers: number[] = [];
    for (let replica = 0; replica < replicas; replica++) {
      const late = this.probed.ask(from, component, first + replica, random, sender);
      if (late !== BAD_ANSWER) answers.push(late + this.latency.draw() + this.latency.draw());
    }
    answers.sort((a, b) => a - b);
    return answers[Math.max(...needed) - 1] ?? BAD_ANSWER;
  }
}

const needsPrimary = ({ reads, writes }: FollowerSpec, { operations }: Dependency): boolean =>
  reads === 'primary' || operations.includes(writes);
