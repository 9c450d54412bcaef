import type { PlanFault } from '../../design/plan-scenario.ts';
import type { Controls } from '../controls.ts';
import type { CanarySpec } from './fault-table.ts';

/** What became of a canary: requests that came to its instances while they were watched, and those that failed. */
export interface CanaryMeasurement {
  readonly requests: number;
  readonly failed: number;
  /** null where the run ended before it was judged. */
  readonly rolledBack: boolean | null;
}

const NONE = -1;

/**
 * The first instances of a deploy, which are watched for a while; then what they showed decides whether the version
 * is kept or rolled back.
 */
export class Canaries {
  private readonly specs: readonly CanarySpec[];
  private readonly controls: Controls;
  private readonly first: number;
  /** By instance: the canary that watches it at present. */
  private readonly watching: Int32Array;
  private readonly requests: Float64Array;
  private readonly failed: Float64Array;
  private readonly verdicts: (PlanFault['if'] | null)[];

  /** @param instances how many instances there are, numbered through */
  constructor(specs: readonly CanarySpec[], instances: number, controls: Controls) {
    this.specs = specs;
    this.controls = controls;
    this.first = controls.reserve(2 * specs.length, (number) => this.act(number >> 1, (number & 1) === 0));
    this.watching = new Int32Array(instances).fill(NONE);
    this.requests = new Float64Array(specs.length);
    this.failed = new Float64Array(specs.length);
    this.verdicts = specs.map(() => null);
  }

  /** Before the faults are: what happens at the moment of a judgement comes after it. */
  schedule(warmup: number): void {
    this.specs.forEach(({ watched, judged }, c) => {
      this.controls.at(warmup + watched, this.first + 2 * c);
      this.controls.at(warmup + judged, this.first + 2 * c + 1);
    });
  }

  /** A request has come to an instance. */
  see(instance: number, failed: boolean): void {
    const canary = this.watching[instance]!;
    if (canary === NONE) return;
    this.requests[canary]!++;
    if (failed) this.failed[canary]!++;
  }

  /** Whether a part of a deploy happens in this run. */
  happens(fault: PlanFault): boolean {
    if (fault.if === undefined) return true;
    return this.verdicts[this.specs.findIndex(({ deploy }) => deploy === fault.deploy)] === fault.if;
  }

  measured(): readonly CanaryMeasurement[] {
    return this.verdicts.map((verdict, c) => ({
      requests: this.requests[c]!,
      failed: this.failed[c]!,
      rolledBack: verdict === null ? null : verdict === 'rolled back',
    }));
  }

  private act(canary: number, begins: boolean): void {
    const { first, instances, abortAbove } = this.specs[canary]!;
    this.watching.fill(begins ? canary : NONE, first, first + instances);
    if (begins) return;
    // Where nobody came nothing speaks against the version.
    const share = this.failed[canary]! / Math.max(1, this.requests[canary]!);
    this.verdicts[canary] = share > abortAbove ? 'rolled back' : 'kept';
  }
}
