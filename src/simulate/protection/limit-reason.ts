import type { Assembly } from '../program/assembly.ts';

/** Number of the way to fail of what a limit refuses, which says how long to wait. */
export function limitReason(assembly: Assembly, name: string): number {
  const reason = assembly.reason(name);
  assembly.asksToWait.add(reason);
  return reason;
}
