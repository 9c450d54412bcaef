import { freshWithin, type QuorumSizes, quorumFacts } from '../../blocks/index.ts';
import type { ComponentModel, Entry } from '../../estimate/index.ts';
import { replicaStorageEntry } from './storage.ts';

/** What replicas are to the estimate. */
export function quorumModel(sizes: QuorumSizes): Pick<ComponentModel, 'replicas' | 'notes'> {
  const { replicas, reads, writes } = sizes;
  const { readsSeeWrites } = quorumFacts(sizes);
  return {
    replicas: { each: replicas, needed: ({ name }) => (name === 'write' ? writes : reads) },
    notes: [
      readsSeeWrites
        ? `each read sees the last confirmed write: ${reads} + ${writes} > ${replicas}`
        : `a read may miss the last confirmed write, since ${reads} + ${writes} is not above ${replicas}; how often, a simulation shows`,
      'answers of replicas are taken for independent, though they queue behind the same requests: the first come later and the last sooner than this says, most where the network and the work take always the same time',
    ],
  };
}

/** Lines of the sheet about replicas. */
export function quorumEntries(component: string, sizes: QuorumSizes, stored: number): Entry[] {
  const { replicas, reads, writes } = sizes;
  const { readTolerates, writeTolerates } = quorumFacts(sizes);
  const tolerates = (verb: string, value: number, letter: string, size: number): Entry => ({
    name: `${component}.${verb}s-tolerate`,
    label: `replicas down that ${verb}s bear`,
    value,
    unit: '1',
    formula: `N − ${letter}`,
    working: () => `${replicas} − ${size}`,
    source: 'Gifford, Weighted voting for replicated data, SOSP 1979',
  });
  return [
    replicaStorageEntry(component, stored, replicas),
    tolerates('read', readTolerates, 'R', reads),
    tolerates('write', writeTolerates, 'W', writes),
    {
      name: `${component}.fresh`,
      label: 'reads that meet the last write, at least',
      value: freshWithin(sizes, 1),
      unit: '1',
      formula: '1 − C(N − W, R) ÷ C(N, R)',
      working: () =>
        `1 − C(${replicas - writes}, ${reads}) ÷ C(${replicas}, ${reads}), were writes never to reach the other replicas`,
      source: 'Bailis et al., Probabilistically bounded staleness, VLDB 2012, section 3.1',
    },
  ];
}
