import type { Distribution } from '../../quantities/index.ts';

/** A proxy that requests pass: work on a station of the instance, then time that uses nothing. */
export interface Sidecar {
  readonly station: number;
  readonly cpu: Distribution;
  readonly latency: Distribution;
}

/** What is needed of an emitter. */
interface Code {
  compute(station: number, time: Distribution, what: string): void;
  delay(time: Distribution, what: string): void;
}

/** Emits the way of a request through a proxy. */
export function emitProxy(code: Code, { station, cpu, latency }: Sidecar): void {
  code.compute(station, cpu, 'sidecar');
  code.delay(latency, 'sidecar latency');
}
