import type { PlanComponent } from '../../design/plan.ts';
import type { Distribution } from '../../quantities/index.ts';
import type { SimulatedKind } from '../../simulate/kind.ts';
import { emitErrors, emitLimit } from '../../simulate/program/door-emission.ts';

interface ExternalSettings {
  readonly latency: Distribution;
  readonly errors: number;
  readonly limit: { readonly rate: number; readonly burst: number } | null;
}

/** Refuses what is beyond its limit; else answers after a while, some of it with an error. */
export const simulate: SimulatedKind = {
  build(component: PlanComponent, assembly) {
    const { latency, errors, limit } = component.settings as unknown as ExternalSettings;
    const { name } = component;
    const requests = assembly.station(component, 'requests', {
      instances: 1,
      servers: null,
      places: null,
      discipline: 'fifo',
    });
    const limiter = limit === null ? null : assembly.ownLimit(component, limit);
    return {
      instances: 1,
      choice: { by: 'none' },
      emit(_, code) {
        if (limiter !== null) emitLimit(code, limiter, `${name} limit`);
        code.compute(requests, latency, 'latency');
        if (errors > 0) emitErrors(code, errors, `${name} errors`);
      },
    };
  },
};
