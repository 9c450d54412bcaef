import type { RandomStream, Sampler } from '../kernel/index.ts';
import type { HierarchySpec } from './program/forwarding-specs.ts';

/**
 * What resolvers remember of the way to the server of a name: which servers the top-level domain has, which a root
 * server told them, and which servers the name has, which the former told them.
 */
export class Delegations {
  private readonly spec: HierarchySpec;
  private readonly root: Sampler;
  private readonly tld: Sampler;
  private readonly random: RandomStream;
  /** Seconds between two lookups of other names of the top-level domain at one resolver. */
  private readonly pause: number;
  /** By resolver: until when it remembers each. */
  private readonly tldUntil: Float64Array;
  private readonly nameUntil: Float64Array;

  /** @param resolvers how many there are, of all groups */
  constructor(
    spec: HierarchySpec,
    { root, tld }: { readonly root: Sampler; readonly tld: Sampler },
    resolvers: number,
    random: RandomStream,
  ) {
    this.spec = spec;
    this.root = root;
    this.tld = tld;
    this.random = random;
    this.pause = resolvers / spec.others;
    this.tldUntil = new Float64Array(resolvers);
    this.nameUntil = new Float64Array(resolvers);
  }

  /**
   * As after a long time, as in `NameServer`: a resolver that asks at rate μ remembers for μT/(1 + μT) of the time.
   * @param rate lookups of the name a second by this resolver
   */
  remember(resolver: number, rate: number): void {
    const { rootTtl, tldTtl } = this.spec;
    this.nameUntil[resolver] = this.left(rate, tldTtl);
    this.tldUntil[resolver] = this.left(rate / (1 + rate * tldTtl) + 1 / this.pause, rootTtl);
  }

  /** Seconds until a resolver that looks the name up now knows whom to ask. */
  find(resolver: number, now: number): number {
    const { rootTtl, tldTtl } = this.spec;
    if (now < this.nameUntil[resolver]!) return 0;
    let time = 0;
    if (!this.knowsTld(resolver, now)) {
      time = this.root.draw();
      this.tldUntil[resolver] = now + time + rootTtl;
    }
    time += this.tld.draw();
    this.nameUntil[resolver] = now + time + tldTtl;
    return time;
  }

  /** Others who ask for what it has forgotten have it remember anew; when they did, is found out when it counts. */
  private knowsTld(resolver: number, now: number): boolean {
    let until = this.tldUntil[resolver]!;
    while (until <= now && this.pause !== Number.POSITIVE_INFINITY) {
      const asked = until - Math.log1p(-this.random.next()) * this.pause;
      // Who comes later is not known yet, and need not be: they are as likely to come then as ever.
      if (asked > now) break;
      until = asked + this.spec.rootTtl;
    }
    this.tldUntil[resolver] = until;
    return now < until;
  }

  private left(rate: number, life: number): number {
    const asked = rate * life;
    return this.random.next() < asked / (1 + asked) ? this.random.next() * life : 0;
  }
}
