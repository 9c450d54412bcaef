import { policy } from './all.ts';

const guarded = policy({ breaker: {}, timeoutMs: 500 });
const counts = new Map<string, number>();
const subscription = guarded.listen((event) => {
  const name = `${event.guard} ${event.type}`;
  counts.set(name, (counts.get(name) ?? 0) + 1);
});
await guarded.run(() => 42);
subscription.dispose();
