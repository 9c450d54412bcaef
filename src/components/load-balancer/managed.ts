import { choice, type KindFinding, type Settling } from '../../design/index.ts';
import type { Target } from '../balancing.ts';

/** Balancers that a provider runs, with what it lets one of them have. */
const providers = ['aws-alb', 'aws-nlb'] as const;
type Provider = (typeof providers)[number];

/** At which layer of the OSI model it looks at what passes: at connections, or at requests. */
export type Layer = 4 | 7;

/** At which layer each balances, and the constants that say how much one may have. */
const offers = {
  'aws-alb': {
    name: 'an Application Load Balancer',
    layer: 7,
    targets: 'quota.alb.targets',
    rules: 'quota.alb.rules',
  },
  'aws-nlb': { name: 'a Network Load Balancer', layer: 4, targets: 'quota.nlb.targets', rules: null },
} as const;

export const managedField = choice(providers, {
  is: 'Whose balancer it is, where a provider runs it: an Application Load Balancer (layer 7) or a Network Load Balancer (layer 4) of AWS. More targets or rules than its quotas allow are warned of.',
}).optional();

/** The layer at which it balances unless said. */
export const layerOf = (provider: Provider | undefined): Layer =>
  provider === undefined ? 7 : offers[provider].layer;

/** What one may have of a balancer of that sort. */
export interface ManagedSettings {
  readonly provider: Provider;
  readonly targets: number;
  /** null = it has no rules. */
  readonly rules: number | null;
}

/** What is written with the quotas; refuses another layer than the provider's. */
export function settleManaged(
  provider: Provider | undefined,
  layer: Layer,
  settling: Settling,
): ManagedSettings | undefined {
  if (provider === undefined) return undefined;
  const offer = offers[provider];
  if (layer !== offer.layer) {
    settling.refuse({
      code: 'conflicting-keys',
      setting: ['managed'],
      message: `${offer.name} balances at layer ${offer.layer}, and this one at layer ${layer}`,
      expected: `\`layer: ${offer.layer}\``,
    });
  }
  return {
    provider,
    targets: settling.constant(offer.targets),
    rules: offer.rules === null ? null : settling.constant(offer.rules),
  };
}

/** Reports more than the quotas allow: instances that it sends requests to, and routes. */
export function checkManaged(
  managed: ManagedSettings | undefined,
  behind: readonly Pick<Target, 'name' | 'instances'>[],
  routes: number,
): KindFinding[] {
  if (managed === undefined) return [];
  const { name, targets: ofTargets, rules: ofRules } = offers[managed.provider];
  const beyond = (
    what: string,
    found: number,
    most: number | null,
    constant: string | null,
  ): KindFinding[] =>
    most === null || found <= most
      ? []
      : [
          {
            code: 'beyond-quota',
            setting: ['managed'],
            message: `${name} has ${most} ${what} at most, and this one needs ${found}`,
            hint: `say \`${constant}\` under \`constants\` if your provider has raised it`,
          },
        ];
  const instancesOf = new Map(behind.map(({ name: target, instances }) => [target, instances]));
  const targets = [...instancesOf.values()].reduce((sum, instances) => sum + instances, 0);
  return [
    ...beyond('targets', targets, managed.targets, ofTargets),
    ...beyond('rules', routes, managed.rules, ofRules),
  ];
}
