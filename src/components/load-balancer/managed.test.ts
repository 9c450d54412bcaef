import { describe, expect, it } from 'vitest';
import { loadDesignObject } from '../../design/index.ts';
import { kindParts } from '../index.ts';

const { described } = kindParts();

const design = (edge: object, instances: number, constants: object = {}) => ({
  name: 'managed',
  constants,
  traffic: { users: { call: 'edge.view', rate: '100/s' } },
  components: {
    edge: { kind: 'load-balancer', ...edge },
    web: { kind: 'service', instances, operations: { view: [{ compute: '2ms' }] } },
    trial: { kind: 'service', operations: { view: [{ compute: '2ms' }] } },
  },
});
const found = (edge: object, instances = 2, constants: object = {}): string[] =>
  loadDesignObject(design(edge, instances, constants), { kinds: described })
    .diagnostics.filter(({ path }) => path.startsWith('components.edge'))
    .map(({ code, path, message }) => `${code} ${path}: ${message}`);

const toBoth = (rules: number) => [
  ...Array.from({ length: rules }, (_, i) => ({ header: { cell: String(i) }, to: 'trial' })),
  { to: 'web' },
];

describe('a balancer that a provider runs', () => {
  it('MAN-1 more targets or rules than its quota is warned of, and a raised quota is heard', () => {
    const alb = { managed: 'aws-alb', to: 'web' };
    expect(found(alb, 1000)).toEqual([]);
    const targets = 'an Application Load Balancer has 1000 targets at most, and this one needs 1001';
    expect(found(alb, 1001)).toEqual([`beyond-quota components.edge.managed: ${targets}`]);
    expect(found(alb, 1001, { 'quota.alb.targets': 2000 })).toEqual([]);
    const nlb = { managed: 'aws-nlb', to: 'web' };
    expect(found(nlb, 500)).toEqual([]);
    expect(found(nlb, 501)).toContain(
      'beyond-quota components.edge.managed: a Network Load Balancer has 500 targets at most, and this one needs 501',
    );
    expect(found({ to: 'web' }, 1001)).toEqual([]);
  });

  it('MAN-2 counts each component behind its routes once, and the rules beside the last', () => {
    const routed = { managed: 'aws-alb', routes: toBoth(3) };
    expect(found(routed, 999).filter((each) => each.startsWith('beyond'))).toEqual([]);
    expect(found(routed, 1000).filter((each) => each.startsWith('beyond'))).toHaveLength(1);
    const quota = { 'quota.alb.rules': 2 };
    expect(found(routed, 2, quota).filter((each) => each.startsWith('beyond'))).toEqual([
      'beyond-quota components.edge.managed: an Application Load Balancer has 2 rules at most, and this one needs 3',
    ]);
  });

  it('MAN-2a balances at the layer of the provider', () => {
    const routed = (managed: string) => found({ managed, routes: toBoth(1) });
    const blind =
      'conflicting-keys components.edge.routes: at layer 4 it sees no path and no header of a request';
    expect(routed('aws-nlb')).toContain(blind);
    expect(routed('aws-alb')).not.toContain(blind);
  });

  it('MAN-3 one that balances at another layer is refused', () => {
    expect(found({ managed: 'aws-alb', layer: 4, to: 'web' })).toContain(
      'conflicting-keys components.edge.managed: an Application Load Balancer balances at layer 7, and this one at layer 4',
    );
    expect(found({ managed: 'aws-nlb', layer: 7, to: 'web' })[0]).toContain('conflicting-keys');
    expect(found({ managed: 'gcp', to: 'web' })[0]).toContain('unknown-value');
  });
});
