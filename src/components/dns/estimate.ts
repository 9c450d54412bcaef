import type { PlanComponent } from '../../design/plan.ts';
import type { Activity, EstimatedKind } from '../../estimate/index.ts';
import type { DnsSettings } from './describe.ts';

/** Passes requests on in the shares that answers are given in while all components are well. */
export const estimate: EstimatedKind = {
  model(component: PlanComponent) {
    const { lookupTime } = component.settings as unknown as DnsSettings;
    const activities: readonly Activity[] = [{ does: 'forward', spread: null }];
    const free = lookupTime.law === 'constant' && lookupTime.value === 0;
    return {
      instances: 1,
      called: 'names',
      spread: 'random',
      stations: [],
      activities: () => activities,
      availability: 'availability.dns',
      notes: free ? [] : ['the time of lookups that no resolver remembers is left out'],
    };
  },
};
