/**
 * Seconds of processor time that `work` takes in this process, with its result. Not the time on the wall,
 * which on a shared machine tells what else ran there; on an idle one the two are the same but for the
 * compiler and the garbage collector, whose helper threads count here.
 */
export function timed<Result>(work: () => Result): { readonly seconds: number; readonly result: Result } {
  const before = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(before);
  return { seconds: (user + system) / 1e6, result };
}
