import { ConsecutiveTrip } from './consecutive-trip.ts';
import { CountWindowTrip } from './count-window-trip.ts';
import { TimeWindowTrip } from './time-window-trip.ts';
import type { TripCondition, TripOptions, TripState } from './trip.ts';

/**
 * A condition with no outcomes yet, or with those of a snapshot.
 *
 * @throws RangeError when an option is out of range, or the state is of another kind
 */
export function createTrip(options: TripOptions, state?: TripState): TripCondition {
  switch (options.kind) {
    case 'consecutive':
      return new ConsecutiveTrip(options, state);
    case 'count-window':
      return new CountWindowTrip(options, state);
    case 'time-window':
      return new TimeWindowTrip(options, state);
    default:
      throw new RangeError(
        `kind must be one of consecutive, count-window, time-window, got ${(options as TripOptions).kind}`,
      );
  }
}
