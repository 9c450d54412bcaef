import { requireAtLeast, requireInstant, requirePositive, requireState, requireWhole } from '../require.ts';
import { type OptionNames, requireOptions } from '../require-options.ts';

/** What an autoscaler steers to, and how eagerly. Times are in the caller's unit, the same everywhere. */
export interface AutoscalerOptions {
  /** Least instances, a whole number ≥ 1. */
  readonly from: number;
  /** Most instances, a whole number ≥ `from`. */
  readonly to: number;
  /** For each measure, what it should be per instance, above 0: at least one. */
  readonly targets: readonly number[];
  /** Share of a target by which a measure may differ from it before anything is done, ≥ 0. Default 0.1. */
  readonly tolerance?: number;
  /** How long the highest number wanted counts before instances are taken out, ≥ 0. Default 300. */
  readonly cooldown?: number;
}

/** State of an {@link Autoscaler}, safe for JSON. */
export interface AutoscalerState {
  readonly version: 1;
  readonly kind: 'autoscaler';
  /** The latest time it was told. */
  readonly latest: number;
  /** When a number was wanted, ascending, and which, descending: those that may still be the highest. */
  readonly wantedAt: readonly number[];
  readonly wanted: readonly number[];
}

/** As Kubernetes: `--horizontal-pod-autoscaler-tolerance` and the downscale stabilization window, in seconds. */
const TOLERANCE = 0.1;
const COOLDOWN = 300;

const OPTIONS: OptionNames<AutoscalerOptions> = {
  from: true,
  to: true,
  targets: true,
  tolerance: true,
  cooldown: true,
};

/**
 * Decides how many instances there should be, as the Horizontal Pod Autoscaler of Kubernetes does (kubernetes.io,
 * Horizontal Pod Autoscaling, algorithm details):
 *
 *     wanted = ⌈instances × measured ÷ target⌉, within `from` and `to`
 *
 * of several measures the largest. Nothing is done while measured ÷ target is within the tolerance of 1. Instances
 * that are starting count as idle when more seem to be needed, so that what is on its way is not ordered again.
 * Instances are added at once, and taken out down to the highest number wanted within the cooldown. There is no limit
 * to how many are added at once.
 */
export class Autoscaler {
  private readonly from: number;
  private readonly to: number;
  private readonly targets: Float64Array;
  private readonly tolerance: number;
  private readonly cooldown: number;
  private latest: number;
  /** Numbers wanted that no later one exceeds, with their times: descending, and ascending. */
  private wanted: number[];
  private wantedAt: number[];

  /**
   * @param now the present time; until a cooldown from now, no instance is taken out
   * @param instances how many there are, within `from` and `to`
   * @throws RangeError when an option is out of range
   */
  constructor(options: AutoscalerOptions, now: number, instances: number) {
    requireOptions('Autoscaler', options, OPTIONS);
    const { from, to, targets, tolerance = TOLERANCE, cooldown = COOLDOWN } = options;
    this.from = requireWhole('from', from, 1);
    this.to = requireWhole('to', to, from);
    requireWhole('targets.length', targets.length, 1);
    this.targets = Float64Array.from(targets, (target) => requirePositive('target', target));
    this.tolerance = requireAtLeast('tolerance', tolerance, 0);
    this.cooldown = requireAtLeast('cooldown', cooldown, 0);
    requireInstant(now);
    requireWhole('instances', instances, from, to);
    this.latest = now;
    this.wanted = [instances];
    this.wantedAt = [now];
  }

  /**
   * How many instances there should be from now on, those that are starting included.
   *
   * @param now a time before the latest one counts as that
   * @param serving instances that serve, a whole number ≥ 0
   * @param starting instances ordered that do not serve yet, a whole number ≥ 0
   * @param measured for each target, the mean over the instances that serve, ≥ 0. One that is NaN is not known: it adds
   *   no instances, and while there is one, none are taken out
   */
  decide(now: number, serving: number, starting: number, measured: ArrayLike<number>): number {
    requireInstant(now);
    requireWhole('serving', serving, 0);
    requireWhole('starting', starting, 0);
    requireWhole('measured.length', measured.length, this.targets.length, this.targets.length);
    const present = serving + starting;
    let most = 0;
    for (let m = 0; m < measured.length; m++) {
      const ratio = measured[m]! / this.targets[m]!;
      if (!(ratio >= 0) && !Number.isNaN(measured[m]!)) {
        throw new RangeError(`measured must be a number ≥ 0, got ${measured[m]}`);
      }
      most = Math.max(most, Number.isNaN(ratio) ? present : this.wantedBy(ratio, serving, present));
    }
    this.latest = Math.max(this.latest, now);
    const within = Math.min(this.to, Math.max(this.from, most));
    this.note(within);
    const highest = this.wanted[0]!;
    return within >= present ? within : Math.min(Math.max(present, this.from), this.to, highest);
  }

  snapshot(): AutoscalerState {
    return {
      version: 1,
      kind: 'autoscaler',
      latest: this.latest,
      wantedAt: [...this.wantedAt],
      wanted: [...this.wanted],
    };
  }

  /** @throws RangeError when the state is faulty */
  adopt(state: AutoscalerState): void {
    const { latest, wanted, wantedAt } = state;
    requireState('state', state, state.kind === 'autoscaler' && wanted.length === wantedAt.length);
    requireInstant(latest);
    requireWhole('state.wanted.length', wanted.length, 1);
    wanted.forEach((number, i) => {
      requireWhole('state.wanted', number, this.from, i === 0 ? this.to : wanted[i - 1]! - 1);
      requireAtLeast('state.wantedAt', wantedAt[i]!, i === 0 ? -Number.MAX_VALUE : wantedAt[i - 1]!);
    });
    if (wantedAt.at(-1)! > latest) throw new RangeError('state.wantedAt must not be after state.latest');
    this.latest = latest;
    this.wanted = [...wanted];
    this.wantedAt = [...wantedAt];
  }

  /** What one measure asks for. */
  private wantedBy(ratio: number, serving: number, present: number): number {
    // Nobody serves, so nothing was measured.
    if (serving === 0) return present;
    if (ratio <= 1) return ratio < 1 - this.tolerance ? ceiling(ratio * serving) : present;
    const spread = (ratio * serving) / present;
    return spread > 1 + this.tolerance ? ceiling(ratio * serving) : present;
  }

  /** Enters a number wanted now, and forgets those that are past, or can be the highest no more. */
  private note(number: number): void {
    const { wanted, wantedAt, latest } = this;
    while (wanted.length > 0 && wanted.at(-1)! <= number) {
      wanted.pop();
      wantedAt.pop();
    }
    wanted.push(number);
    wantedAt.push(latest);
    let past = 0;
    while (wantedAt[past]! < latest - this.cooldown) past++;
    wanted.splice(0, past);
    wantedAt.splice(0, past);
  }
}

/** An autoscaler that goes on from a snapshot. @throws RangeError when an option is out of range, or the state is faulty */
export function restoreAutoscaler(options: AutoscalerOptions, state: AutoscalerState): Autoscaler {
  const scaler = new Autoscaler(options, state.latest, options.from);
  scaler.adopt(state);
  return scaler;
}

/** What rounding adds to a whole number orders no instance. */
function ceiling(value: number): number {
  return Math.ceil(value * (1 - 4 * Number.EPSILON));
}
