import type { PlanComponent } from '../../design/plan.ts';
import type { Activity, EstimatedKind } from '../../estimate/index.ts';
import { limitEntries } from '../limit-entries.ts';
import type { ExternalSettings } from './describe.ts';

/** Requests in progress. */
const REQUESTS = 0;

/** A limit at the door, then a time without a queue, then an error or none. */
export const estimate: EstimatedKind = {
  model(component: PlanComponent) {
    const { latency, errors, limit, availability, callPrice } =
      component.settings as unknown as ExternalSettings;
    const activities: Activity[] = [{ does: 'visit', station: REQUESTS, time: latency }];
    if (limit !== null) activities.unshift({ does: 'limit', ...limit, each: false });
    if (errors > 0) activities.push({ does: 'fail', share: errors });
    return {
      instances: 1,
      spread: 'random',
      stations: [{ name: 'requests', servers: null, places: null, discipline: 'fifo' }],
      activities: () => activities,
      ...(availability !== null && { availability }),
      ...(callPrice !== null && { rents: [{ per: 'call', price: callPrice }] }),
      notes: limit === null ? [] : ['its limit is that of a token bucket to which requests come at random'],
      entries: (account) => (limit === null ? [] : limitEntries(account, limit.rate)),
    };
  },
};
