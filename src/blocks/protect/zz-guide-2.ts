import { BreakerGuard, type CircuitBreakerState, systemClock } from './all.ts';

const clock = { ...systemClock, now: () => Date.now() };
const before = new BreakerGuard({ clock });
before.open();
const saved = JSON.stringify(before.snapshot());

const after = new BreakerGuard({ clock, state: JSON.parse(saved) as CircuitBreakerState });
if (after.state !== 'open') throw new Error('it was open, and is');
