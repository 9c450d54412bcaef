import {
  blockChoice,
  count,
  describeKind,
  distribution,
  type KindFinding,
  type OwnName,
  reference,
  section,
} from '../../design/index.ts';
import type { Distribution } from '../../quantities/index.ts';
import { type InstanceBalancing, instanceBalancing } from '../balancing.ts';

/** The settings of a load balancer as interpreters read them; the component it passes on to is `to`. */
export interface LoadBalancerSettings {
  readonly algorithm: InstanceBalancing | OwnName<'balance'>;
  /** CPU seconds a request. */
  readonly cost: Distribution;
  readonly cores: number;
}

/** A component that passes every request on to one instance of another. */
export const describe = describeKind({
  name: 'load-balancer',
  summary: 'Passes every request on to one instance of another component.',
  availability: 'availability.loadBalancer',
  settings: section('a load-balancer', {
    to: reference('the name of a component with instances', {
      is: 'The component whose instances it spreads requests over.',
    }),
    // "round-robin" is the default of nginx (nginx.org, ngx_http_upstream_module), HAProxy and Envoy.
    algorithm: blockChoice('balance', instanceBalancing, {
      is: 'How an instance is chosen; power-of-two takes the less loaded of two picked at random; key-hash to maglev always send a key to the same.',
      default: 'round-robin',
    }).optional(),
    cost: distribution('time', {
      is: 'CPU time a request takes in the balancer itself.',
      default: '0s',
    }).optional(),
    cores: count({ is: 'CPU cores of the balancer.', default: 1 }, { most: 10_000 }).optional(),
  }),
  operations: { from: 'setting', setting: 'to' },
  stations: { cpu: 'Its CPU cores, where a request costs it time.' },
  roles: {},
  references: { to: { to: 'component', role: 'target' } },
  example: `kind: load-balancer
algorithm: least-connections
to: api
`,
  settle: (written): Readonly<Record<string, unknown>> => {
    const settings: LoadBalancerSettings = {
      algorithm: written.algorithm ?? 'round-robin',
      cost: written.cost ?? { law: 'constant', value: 0 },
      cores: written.cores ?? 1,
    };
    return { ...settings };
  },
  check(written, { settings }, { referred }) {
    const findings: KindFinding[] = [];
    const target = referred('to');
    if (written.algorithm !== undefined && target?.kind.instances?.(target.settings) === 1) {
      findings.push({
        code: 'idle-knob',
        setting: ['algorithm'],
        message: `\`${target.name}\` has one instance, so there is nothing to choose`,
      });
    }
    const cost = settings['cost'] as Distribution;
    if (written.cores !== undefined && cost.law === 'constant' && cost.value === 0) {
      findings.push({
        code: 'idle-knob',
        setting: ['cores'],
        message: 'a request costs the balancer no CPU time',
        hint: 'say what a request takes with `cost`',
      });
    }
    return findings;
  },
});
