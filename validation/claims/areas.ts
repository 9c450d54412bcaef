import type { Area } from './claim.ts';
import { balancingArea, deliveryArea, namesArea, proxyArea } from './edges.ts';
import { architectureArea, observabilityArea, principlesArea } from './principles.ts';
import { availabilityArea, rateLimitArea, resilienceArea } from './reliability.ts';

/** All areas, in the order of the page. */
export const areas: readonly Area[] = [
  principlesArea,
  availabilityArea,
  namesArea,
  deliveryArea,
  balancingArea,
  proxyArea,
  resilienceArea,
  rateLimitArea,
  architectureArea,
  observabilityArea,
];
