import type { Plan } from './plan.ts';

/** The region of users who have a component of their own; null where they are in none, or it is no such component. */
export function regionOfComponent({ components, places }: Plan, component: number): number | null {
  if (!components[component]!.outside) return null;
  const [zone] = places?.components[component] ?? [];
  return zone === undefined ? null : places!.zones[zone]!.region;
}

/** The region of the users of a traffic: what it says, or where the component is that stands for them; null = in none. */
export function regionOfUsers(plan: Plan, traffic: number): number | null {
  const { operation } = plan.traffic[traffic]!;
  return plan.places?.users[traffic] ?? regionOfComponent(plan, plan.operations[operation]!.component);
}
