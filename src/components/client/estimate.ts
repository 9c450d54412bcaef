import type { EstimatedKind } from '../../estimate/index.ts';

/** Makes one call for each request; its network and connections are those of the call. */
export const estimate: EstimatedKind = {
  model: () => ({
    instances: 1,
    spread: 'random',
    stations: [],
    activities: () => [{ does: 'steps', compute: 0 }],
    // Users are no part of the system: they cost it nothing, and who asks is there.
    availability: 1,
    rents: [],
  }),
};
