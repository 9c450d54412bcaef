import type { Activity } from './kind.ts';

/** Activities, with those that go on while a station is held and those that are done by chance or afterwards. */
export function flattened(activities: readonly Activity[]): Activity[] {
  return activities.flatMap((each) => [
    each,
    ...flattened(within(each).flatMap(({ activities: inner }) => inner)),
  ]);
}

/** What an activity is made of, and how often each of it is done. */
export function within(
  activity: Activity,
): readonly { readonly times: number; readonly activities: readonly Activity[] }[] {
  switch (activity.does) {
    case 'hold':
      return [{ times: 1, activities: activity.during }];
    case 'batch':
      return [{ times: 1, activities: activity.work }];
    case 'either':
      return activity.cases.map(({ probability, activities }) => ({ times: probability, activities }));
    case 'afterwards':
      return [{ times: activity.times, activities: activity.activities }];
    default:
      return [];
  }
}

/**
 * Share of requests that are not turned away on the way through activities.
 *
 * @param passes the share that an activity lets pass, whatever it is made of
 */
export function passing(activities: readonly Activity[], passes: (activity: Activity) => number): number {
  return activities.reduce((share, activity) => {
    const own = passes(activity);
    if (activity.does !== 'either') return share * own;
    const through = activity.cases.reduce(
      (sum, { probability, activities: inner }) => sum + probability * passing(inner, passes),
      0,
    );
    return share * through;
  }, 1);
}
