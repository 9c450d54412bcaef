/**
 * Validation: published and closed-form results that nobody here wrote, reproduced through design files by
 * the estimator and the simulator, or by the decision cores fed by hand.
 *
 * `npm run validate` runs all of it and writes docs/validation.md; a quick subset runs with the tests.
 * A new case is an entry in one of the themes below.
 */
import { advice } from './advice.ts';
import { arithmetic } from './arithmetic.ts';
import { balancing } from './balancing.ts';
import { blocks } from './blocks.ts';
import { cacheCores } from './cache-cores.ts';
import { cacheTraces } from './cache-traces.ts';
import { caches } from './caches.ts';
import type { Case } from './case.ts';
import { closedNetworks } from './closed-networks.ts';
import { comparisons } from './comparisons.ts';
import { contention } from './contention.ts';
import { disciplines } from './disciplines.ts';
import { faults } from './faults.ts';
import { ladders } from './ladders.ts';
import { messages } from './messages.ts';
import { openNetworks } from './open-networks.ts';
import { outages } from './outages.ts';
import { placement } from './placement.ts';
import { protections } from './protections.ts';
import { redundancy } from './redundancy.ts';
import { replicas } from './replicas.ts';
import { scaling } from './scaling.ts';
import { serverPools } from './server-pools.ts';
import { singleServer } from './single-server.ts';
import { tail } from './tail.ts';

/** Cases that belong together: a section of the page. */
export interface Theme {
  readonly title: string;
  readonly cases: readonly Case[];
}

export const themes: readonly Theme[] = [
  { title: 'One server', cases: singleServer },
  { title: 'Who is served next', cases: disciplines },
  { title: 'Several servers', cases: serverPools },
  { title: 'Open networks', cases: openNetworks },
  { title: 'Closed networks', cases: closedNetworks },
  { title: 'Load balancing', cases: [...balancing, ...redundancy] },
  { title: 'Fan-out and the tail', cases: tail },
  { title: 'Caches', cases: [...caches, ...cacheCores] },
  { title: 'Cache traces', cases: cacheTraces },
  { title: 'Slow and failing callees', cases: protections },
  { title: 'Faults and recovery', cases: faults },
  { title: 'Failures and repairs', cases: outages },
  { title: 'Messages', cases: messages },
  { title: 'Contention', cases: contention },
  { title: 'Where keys go', cases: placement },
  { title: 'Replicas and quorums', cases: replicas },
  { title: 'Decision cores', cases: blocks },
  { title: 'Scaling', cases: scaling },
  { title: 'What breaks first', cases: ladders },
  { title: 'What to change, and what a change does', cases: [...advice, ...comparisons] },
  { title: 'Arithmetic', cases: arithmetic },
];

export const cases: readonly Case[] = themes.flatMap((theme) => theme.cases);

/** The case of this id. */
export function caseOf(id: string): Case {
  const found = cases.find((one) => one.id === id);
  if (found === undefined)
    throw new RangeError(`no case is named ${id}; there are ${cases.map((one) => one.id).join(', ')}`);
  return found;
}
