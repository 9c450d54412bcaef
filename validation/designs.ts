/**
 * Design files for the models that textbooks draw as one circle with a queue in front. In networks of
 * stations nothing else takes time, so the latency between components is set to zero.
 */

/** A single station `server` that answers the traffic `users`. */
export interface Queue {
  readonly name: string;
  /** Requests per second, e.g. `0.8/s`; counts requests, not batches. */
  readonly rate: string;
  /** Law of the service time, e.g. `exponential(1s)`. */
  readonly service: string;
  readonly servers?: number;
  /** Law of the gaps between arrivals; Poisson unless given. */
  readonly arrivals?: string;
  /** Waiting places; without limit unless given. */
  readonly queue?: number;
  readonly discipline?: 'fifo' | 'lifo' | 'processor-sharing' | 'srpt';
  /** Requests that arrive together. */
  readonly batch?: number;
  /** After which a user gives up. */
  readonly timeout?: string;
  /** How long one waits for a server before one gives up: a law. */
  readonly patience?: string;
  /** When the server stands still, and for how long: laws of times. */
  readonly pauses?: { readonly every: string; readonly for: string };
}

/** The design of a single station. */
export function queue(of: Queue): string {
  const traffic = [
    'call: server.work',
    `rate: ${of.rate}`,
    ...(of.arrivals === undefined ? [] : [`arrivals: "${of.arrivals}"`]),
    ...(of.batch === undefined ? [] : [`batch: ${of.batch}`]),
    ...(of.timeout === undefined ? [] : [`timeout: ${of.timeout}`]),
  ];
  const server = [
    'kind: service',
    'instances: 1',
    `cores: ${of.servers ?? 1}`,
    ...(of.queue === undefined ? [] : [`queue: ${of.queue}`]),
    ...(of.discipline === undefined ? [] : [`discipline: ${of.discipline}`]),
    ...(of.patience === undefined ? [] : [`queue-timeout: ${of.patience}`]),
    ...(of.pauses === undefined ? [] : [`pauses: { every: ${of.pauses.every}, for: ${of.pauses.for} }`]),
    `operations: { work: [ { compute: "${of.service}" } ] }`,
  ];
  return `
name: ${of.name}
traffic:
  users: { ${traffic.join(', ')} }
components:
  server: { ${server.join(', ')} }
`;
}

/** A component line: one station with one operation `work`. */
export function server(
  name: string,
  service: string,
  settings: Readonly<Record<string, string | number>> = {},
): string {
  const written = Object.entries(settings).map(([key, value]) => `${key}: ${value}, `);
  return `  ${name}: { kind: service, ${written.join('')}operations: { work: [ { compute: "${service}" } ] } }`;
}

/** Steps as a flow sequence: `[ { call: a.work }, { call: b.work } ]`. */
export function steps(...of: readonly string[]): string {
  return `[ ${of.map((step) => `{ ${step} }`).join(', ')} ]`;
}
