import type { PlanComponent } from '../../design/plan.ts';
import type { SimulatedKind } from '../../simulate/kind.ts';
import { emitUser } from '../../simulate/program/connection-emission.ts';
import { emitCopies } from '../../simulate/program/copies-emission.ts';
import { keeps } from './copies.ts';
import type { ClientSettings } from './describe.ts';

/** There is no CPU: all that users do is to call. */
const NO_STATION = -1;

/** One of the users makes the call, over a connection of their own. */
export const simulate: SimulatedKind = {
  build(component: PlanComponent, assembly) {
    const { connections, cache } = component.settings as unknown as ClientSettings;
    const source = connections === null ? null : assembly.users(component, connections);
    const copies = cache && { users: cache.users, ttl: cache.ttl, followed: source !== null };
    return {
      instances: 1,
      choice: { by: 'none' },
      emit(operation, code) {
        if (source !== null) emitUser(code, source);
        const ask = (): void => code.run(operation.steps, NO_STATION);
        if (cache === null || copies === null || !keeps(cache, operation.name)) ask();
        else emitCopies(code, component, operation, copies, ask);
      },
    };
  },
};
