import type { PlanComponent, PlanOperation } from '../../design/plan.ts';
import type { SimulatedKind } from '../../simulate/kind.ts';
import type { NameGroup } from '../../simulate/program/forwarding-specs.ts';
import { emitNamed } from '../../simulate/program/name-emission.ts';
import type { DnsSettings } from './describe.ts';
import { STALE_TIMES } from './stale.ts';

/** Resolvers that remember answers, and a name server that gives them; the request itself goes straight to its target. */
export const simulate: SimulatedKind = {
  build(component: PlanComponent, assembly) {
    const settings = component.settings as unknown as DnsSettings;
    const { name, index, operations } = component;
    const { routing, weights, ttl, resolvers, stale, check, lookupTime, hierarchy } = settings;
    const groups = new Groups();
    for (const operation of operations.map((each) => assembly.operation(each))) {
      groups.add(operation, assembly.callRate(component, operation.name));
    }
    const server = assembly.nameServer({
      name,
      of: index,
      targets: Array.from({ length: settings.targets }, (_, i) => component.components[`to.${i}`]!),
      routing: routing === 'weighted' || routing === 'round-robin' ? routing : 'ordered',
      weights,
      ttl,
      resolvers,
      stale,
      staleTimes: STALE_TIMES,
      lookup: assembly.sampler(lookupTime, `${name} lookups`),
      hierarchy: hierarchy && {
        ...hierarchy,
        root: assembly.sampler(hierarchy.root, `${name} root servers`),
        tld: assembly.sampler(hierarchy.tld, `${name} top-level servers`),
      },
      check,
      groups: groups.all,
    });
    return {
      instances: 1,
      choice: { by: 'none' },
      guardsItself: true,
      emit(operation, code) {
        const { forwards, among = [], asked } = operation;
        if (forwards === null) throw new RangeError(`${name}.${operation.name} forwards to nothing`);
        const targets = among.length === 0 ? [forwards] : among.map((each) => each.operation);
        emitNamed(code, { server, operations: targets, groups: groups.of(operation), asked });
      },
    };
  },
};

/** Resolvers apart by what they are answered, of which there is one group unless that depends on who asks. */
class Groups {
  readonly all: NameGroup[] = [];
  private readonly numbers = new Map<string, number>();

  /** Counts requests for an operation, so many a second, to the resolvers that those who ask it ask. */
  add(operation: PlanOperation, rate: number): void {
    const asked = this.of(operation) ?? [0];
    if (this.all.length === 0) this.all.push({ order: null, rate: 0 });
    for (const group of asked) {
      const before = this.all[group]!;
      this.all[group] = { ...before, rate: before.rate + rate / asked.length };
    }
  }

  /** The group that each instance of who asks asks; null where there is one group for all. */
  of({ asked }: PlanOperation): Int32Array | null {
    if (asked?.prefers === undefined) return null;
    return Int32Array.from(asked.prefers, (order, i) => {
      const name = `${asked.regions[i]} ${order.join(' ')}`;
      let group = this.numbers.get(name);
      if (group === undefined) {
        group = this.all.push({ order, rate: 0 }) - 1;
        this.numbers.set(name, group);
      }
      return group;
    });
  }
}
