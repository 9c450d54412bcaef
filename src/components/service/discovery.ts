import { quantity, type Settling, section } from '../../design/index.ts';

/** How callers find the instances of a service; times in seconds. */
export interface DiscoverySettings {
  readonly heartbeat: number;
  readonly expire: number;
  readonly refresh: number;
}

export const discoveryField = section('service discovery', {
  heartbeat: quantity(
    'time',
    {
      is: 'From one heartbeat of an instance to the next, by which the registry knows that it is there; discovery.heartbeat unless said.',
    },
    { above: 0 },
  ).optional(),
  expire: quantity(
    'time',
    {
      is: 'How long after its last heartbeat an instance is off the list of the registry; discovery.expire unless said, and at least `heartbeat`.',
    },
    { above: 0 },
  ).optional(),
  refresh: quantity('time', {
    is: 'How long callers go by their copy of the list before they ask for it again, or by an answer of DNS; discovery.refresh unless said.',
  }).optional(),
})
  .meta({
    description:
      'Callers, and a balancer in front, find the instances in a registry: who comes or goes is known to them later. Without it, at once, and who dies never.',
  })
  .optional();

type Written = NonNullable<ReturnType<typeof discoveryField.parse>>;

/** The settings with all defaults. */
export function discoveryOf(written: Written, settling: Settling): DiscoverySettings {
  const heartbeat = written.heartbeat ?? settling.constant('discovery.heartbeat');
  const usual = written.expire ?? settling.constant('discovery.expire');
  if (written.expire !== undefined && written.expire < heartbeat) {
    settling.refuse({
      code: 'out-of-range',
      setting: ['discovery', 'expire'],
      message: 'instances that are well would go off the list between two heartbeats',
      expected: 'at least `heartbeat`',
    });
  }
  return {
    heartbeat,
    expire: Math.max(heartbeat, usual),
    refresh: written.refresh ?? settling.constant('discovery.refresh'),
  };
}
