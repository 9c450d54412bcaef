import type { TargetHealthOptions } from '../../blocks/index.ts';
import type { Plan } from '../../design/plan.ts';
import type { Distribution } from '../../quantities/index.ts';
import { dependenciesOf } from '../dependencies.ts';
import type { FaultSites } from '../faults/fault-table.ts';
import type { DiscoverySpec, HealthSpec } from '../model.ts';

/** How a balancer is to learn of the health of instances. */
export interface BalancerHealth {
  /** Times in seconds; `probes` say nothing unless `probing` does. */
  readonly options: TargetHealthOptions;
  /** Seconds between probes of a target, and until one without an answer has failed; null = none are sent. */
  readonly probing: { readonly every: number; readonly timeout: number } | null;
  /** Whether an instance that is probed asks all that it depends on. */
  readonly deep?: boolean;
  /** Index of the component that the targets are instances of, and of the one that sends probes; null = beside them. */
  readonly of: number;
  readonly from: number | null;
}

/** What is needed of an assembly. */
interface Parts {
  readonly plan: Plan;
  readonly faultSites: FaultSites;
  readonly discoveries: readonly DiscoverySpec[];
  sampler(law: Distribution, purpose: string): number;
  reason(name: string): number;
}

/** What of that can change anything under this plan's scenario; null = nothing. */
export function healthSpec(
  assembly: Parts,
  { options, probing, deep, of, from }: BalancerHealth,
  purpose: string,
): HealthSpec | null {
  const { plan, faultSites } = assembly;
  const network = (what: string): number => assembly.sampler(plan.network.latency, `${purpose} ${what}`);
  const { outliers, probes, slowStart, panicBelow } = options;
  const dependencies = deep ? dependenciesOf(plan, of) : [];
  const probed = probing !== null && faultSites.probe(from, of, dependencies);
  const judged = outliers !== undefined || probed;
  if (!judged && !faultSites.drains(of) && !assembly.discoveries.some(({ component }) => component === of))
    return null;
  return {
    options: {
      ...(outliers && { outliers }),
      ...(probed && probes && { probes }),
      ...(judged && slowStart && { slowStart }),
      ...(judged && panicBelow !== undefined && { panicBelow }),
    },
    probes: probed
      ? {
          ...probing,
          ...(deep && { deep: { dependencies, latency: network('deep probes') } }),
          latency: from === null ? null : network('probes'),
        }
      : null,
    of,
    from,
    nobody: assembly.reason(`${plan.components[of]!.name} has no healthy instance`),
  };
}
