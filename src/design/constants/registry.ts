import { availability } from './availability.ts';
import { caching } from './caching.ts';
import { capacity } from './capacity.ts';
import type { Constant } from './constant.ts';
import { cost } from './cost.ts';
import { database } from './database.ts';
import { edge } from './edge.ts';
import { memoryAndDisk } from './memory-and-disk.ts';
import { messaging } from './messaging.ts';
import { network } from './network.ts';
import { regionRoundTrips } from './regions.ts';
import { resilience } from './resilience.ts';
import { sizes } from './sizes.ts';
import { workload } from './workload.ts';

/** Every constant, theme after theme, in the order in which a page would print them. */
export const constants: readonly Constant[] = [
  ...memoryAndDisk,
  ...network,
  ...regionRoundTrips,
  ...capacity,
  ...database,
  ...edge,
  ...caching,
  ...sizes,
  ...workload,
  ...resilience,
  ...messaging,
  ...availability,
  ...cost,
];
