import { afterEach, describe, expect, it, vi } from 'vitest';
import { BalancedPool, CachedLoader, CacheMap, policy, systemRandom } from './index.ts';

describe('chance of the system', () => {
  afterEach(() => vi.restoreAllMocks());

  it('CL-1 is drawn when first asked for, so that guards can be made while a module is loaded', () => {
    const draws = vi.spyOn(crypto, 'getRandomValues');
    const random = systemRandom();
    const made = [
      policy({ retry: { maxAttempts: 2, backoff: { kind: 'none' } }, breaker: {} }),
      new BalancedPool(['a', 'b']),
      new CacheMap({ capacity: 2, policy: 'random' }),
      new CachedLoader({ load: async () => 1, capacity: 1, ttlMs: 1 }),
    ];
    expect(made).toHaveLength(4);
    expect(draws).not.toHaveBeenCalled();
    const first = random.next();
    expect(random.next()).not.toBe(first);
    expect(draws).toHaveBeenCalledTimes(1);
  });

  it('CL-2 is another in every stream', () => {
    expect(systemRandom().next()).not.toBe(systemRandom().next());
  });
});
