import type { PlanComponent } from '../../design/plan.ts';
import { emitUser } from '../../simulate/connection-emission.ts';
import type { SimulatedKind } from '../../simulate/kind.ts';
import type { ClientSettings } from './describe.ts';

/** There is no CPU: all that users do is to call. */
const NO_STATION = -1;

/** One of the users makes the call, over a connection of their own. */
export const simulate: SimulatedKind = {
  build(component: PlanComponent, assembly) {
    const { connections } = component.settings as unknown as ClientSettings;
    const source = connections === null ? null : assembly.users(component, connections);
    return {
      instances: 1,
      choice: { by: 'none' },
      emit(operation, code) {
        if (source !== null) emitUser(code, source);
        code.run(operation.steps, NO_STATION);
      },
    };
  },
};
