import { type OptionNames, requireOptions } from '../require-options.ts';
import { ConsecutiveTrip } from './consecutive-trip.ts';
import { CountWindowTrip } from './count-window-trip.ts';
import { TimeWindowTrip } from './time-window-trip.ts';
import type {
  ConsecutiveTripOptions,
  CountWindowTripOptions,
  TimeWindowTripOptions,
  TripCondition,
  TripOptions,
  TripState,
} from './trip.ts';

const CONSECUTIVE: OptionNames<ConsecutiveTripOptions> = { kind: true, failures: true };
const COUNT_WINDOW: OptionNames<CountWindowTripOptions> = {
  kind: true,
  calls: true,
  failureRate: true,
  minimumCalls: true,
};
const TIME_WINDOW: OptionNames<TimeWindowTripOptions> = {
  kind: true,
  duration: true,
  slots: true,
  failureRate: true,
  minimumCalls: true,
};

/**
 * A condition with no outcomes yet, or with those of a snapshot.
 *
 * @throws RangeError when an option is out of range, or the state is of another kind
 */
export function createTrip(options: TripOptions, state?: TripState): TripCondition {
  switch (options.kind) {
    case 'consecutive':
      requireOptions('trip consecutive', options, CONSECUTIVE);
      return new ConsecutiveTrip(options, state);
    case 'count-window':
      requireOptions('trip count-window', options, COUNT_WINDOW);
      return new CountWindowTrip(options, state);
    case 'time-window':
      requireOptions('trip time-window', options, TIME_WINDOW);
      return new TimeWindowTrip(options, state);
    default:
      throw new RangeError(
        `kind must be one of consecutive, count-window, time-window, got ${(options as TripOptions).kind}`,
      );
  }
}
