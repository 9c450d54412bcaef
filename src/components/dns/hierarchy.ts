import { distribution, type KindFinding, quantity, type Settling, section } from '../../design/index.ts';
import type { Distribution } from '../../quantities/index.ts';

/** The servers above that of a name, and how long resolvers remember where they sent them. Times are in seconds. */
export interface HierarchySettings {
  /** Time that an answer of a root server, and of one of the top-level domain, takes. */
  readonly root: Distribution;
  readonly tld: Distribution;
  /** How long a resolver remembers which servers the top-level domain has, and which the name has. */
  readonly rootTtl: number;
  readonly tldTtl: number;
  /** Lookups a second of other names of the top-level domain, at all resolvers together. */
  readonly others: number;
}

export const hierarchyField = section('the hierarchy of a dns', {
  root: distribution('time', {
    is: 'Time of an answer of a root server, which says who serves the top-level domain; as lookup-time unless said.',
  }).optional(),
  tld: distribution('time', {
    is: 'Time of an answer of a server of the top-level domain, which says who serves the name; as lookup-time unless said.',
  }).optional(),
  'root-ttl': quantity(
    'time',
    {
      is: 'How long a resolver remembers what a root server said; the constant dns.delegation.ttl unless said.',
    },
    { above: 0 },
  ).optional(),
  'tld-ttl': quantity(
    'time',
    {
      is: 'How long a resolver remembers what the top-level domain said; the constant dns.delegation.ttl unless said.',
    },
    { above: 0 },
  ).optional(),
  others: quantity('rate', {
    is: 'Lookups of other names of the top-level domain, at all resolvers together, which keep what the root said in their memory; none unless said.',
  }).optional(),
})
  .meta({ description: 'Lookups begin at the root, as far as the resolver does not remember the way.' })
  .optional();

interface WrittenHierarchy {
  readonly root?: Distribution | undefined;
  readonly tld?: Distribution | undefined;
  readonly 'root-ttl'?: number | undefined;
  readonly 'tld-ttl'?: number | undefined;
  readonly others?: number | undefined;
}

/** What is written, with the defaults. */
export function hierarchyOf(
  { root, tld, 'root-ttl': rootTtl, 'tld-ttl': tldTtl, others = 0 }: WrittenHierarchy,
  lookupTime: Distribution,
  settling: Settling,
): HierarchySettings {
  return {
    root: root ?? lookupTime,
    tld: tld ?? lookupTime,
    rootTtl: rootTtl ?? settling.constant('dns.delegation.ttl'),
    tldTtl: tldTtl ?? settling.constant('dns.delegation.ttl'),
    others,
  };
}

/** Whether a law of time is anything but no time at all. */
export const takesTime = (law: Distribution): boolean => law.law !== 'constant' || law.value > 0;

/** Reports what nobody waits for. */
export function checkHierarchy(
  written: WrittenHierarchy,
  { root, tld }: Pick<HierarchySettings, 'root' | 'tld'>,
): KindFinding[] {
  const idle = (setting: readonly string[], message: string): KindFinding => ({
    code: 'idle-knob',
    setting: ['hierarchy', ...setting],
    message,
  });
  if (!takesTime(root) && !takesTime(tld))
    return [idle([], 'answers of the servers above that of the name take no time')];
  if (takesTime(root)) return [];
  const ofRoot = (['root-ttl', 'others'] as const).filter((word) => written[word] !== undefined);
  return ofRoot.map((word) => idle([word], 'an answer of a root server takes no time'));
}
