import type { Activity } from './kind.ts';

/** Activities, with those that go on while a station is held and those that are done by chance or afterwards. */
export function flattened(activities: readonly Activity[]): Activity[] {
  return activities.flatMap((each) => [
    each,
    ...flattened(within(each, 1).flatMap(({ activities: inner }) => inner)),
  ]);
}

/**
 * What an activity is made of, and how often each of it is done.
 *
 * @param pinned share of the requests that are pinned
 */
export function within(
  activity: Activity,
  pinned: number,
): readonly { readonly times: number; readonly activities: readonly Activity[] }[] {
  switch (activity.does) {
    case 'hold':
      return [{ times: 1, activities: activity.during }];
    case 'batch':
      return [{ times: 1, activities: activity.work }];
    case 'either':
      return activity.cases.map(({ probability, activities }) => ({ times: probability, activities }));
    case 'pin':
      return [
        { times: pinned, activities: activity.pinned },
        { times: 1 - pinned, activities: activity.others },
      ];
    case 'afterwards':
      return [{ times: activity.times, activities: activity.activities }];
    default:
      return [];
  }
}

/**
 * Share of requests that are not turned away on the way through activities.
 *
 * @param pinned share of the requests that are pinned
 * @param passes the share that an activity lets pass, whatever it is made of
 */
export function passing(
  activities: readonly Activity[],
  pinned: number,
  passes: (activity: Activity) => number,
): number {
  return activities.reduce((share, activity) => {
    const own = passes(activity);
    if (activity.does !== 'either' && activity.does !== 'pin') return share * own;
    const through = within(activity, pinned).reduce(
      (sum, { times, activities: inner }) => sum + times * passing(inner, pinned, passes),
      0,
    );
    return share * through;
  }, 1);
}
