import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../kernel/index.ts';
import { forksOf, NO_ROUTE, type Route, Router, routeProblems, sharesOf } from './index.ts';

const always = { next: () => 0.5 };
const to = (routes: readonly Route[], path: string, headers = {}) =>
  new Router(routes).route(path, headers, always);

describe('router', () => {
  it('ROU-1 goes by the first route that takes a request', () => {
    const routes = [{ path: '/a*' }, { path: '/ab' }, { headers: { v: '2' } }, { path: '/' }];
    expect(to(routes, '/ab')).toBe(0);
    expect(to(routes, '/b', { V: '2' })).toBe(2);
    expect(to(routes, '/b', { v: '3' })).toBe(NO_ROUTE);
    expect(to(routes, '/')).toBe(3);
    expect(to([], '/')).toBe(NO_ROUTE);
  });

  it('ROU-2 shares of routes that state the same are of the same requests; others are of what is left', () => {
    const shares = (routes: readonly Route[]) => [...sharesOf(forksOf(routes, '/a', {}))];
    expect(shares([{ share: 0.05 }, { share: 0.95 }, {}])).toEqual([
      [0, 0.05],
      [1, 0.95],
    ]);
    expect(shares([{ share: 0.5 }, { path: '/a', share: 0.5 }, {}])).toEqual([
      [0, 0.5],
      [1, 0.25],
      [2, 0.25],
    ]);
    expect(shares([{ path: '/b' }, { share: 0.25 }, {}, {}])).toEqual([
      [1, 0.25],
      [2, 0.75],
    ]);
  });

  it('ROU-3 sends as many by chance as a share says, and the same keys by key', () => {
    const random = createRandom(1, 'routes');
    const chance = new Router([{ share: 0.2 }, {}]);
    const n = 20_000;
    const count = (route: (i: number) => number) =>
      Array.from({ length: n }, (_, i) => route(i)).filter((each) => each === 0).length;
    // Four deviations of a binomial.
    const near = 4 * Math.sqrt(n * 0.2 * 0.8);
    expect(Math.abs(count(() => chance.route('/', {}, random)) - 0.2 * n)).toBeLessThan(near);
    const routes = [{ share: 0.2, by: 'key' as const }, {}];
    const [one, other] = [new Router(routes, 'one'), new Router(routes, 'other')];
    const by = (router: Router) => (i: number) => router.route('/', {}, random, `user ${i}`);
    expect(Math.abs(count(by(one)) - 0.2 * n)).toBeLessThan(near);
    expect(Array.from({ length: 100 }, (_, i) => by(one)(i))).toEqual(
      Array.from({ length: 100 }, (_, i) => by(one)(i)),
    );
    // Of another name, another fifth of the keys: a twenty-fifth is in both.
    const both = count((i) => Math.max(by(one)(i), by(other)(i)));
    expect(Math.abs(both - 0.04 * n)).toBeLessThan(4 * Math.sqrt(n * 0.04 * 0.96));
  });

  it('ROU-4 refuses shares that cannot be', () => {
    expect(() => new Router([{ share: 0 }])).toThrow('a share must be above 0 and at most 1, got 0');
    expect(() => new Router([{ share: 0.6 }, { share: 0.6 }])).toThrow('the share comes to 120 %');
    expect(
      () =>
        new Router([
          { share: 0.1, by: 'key' },
          { share: 0.1, by: 'chance' },
        ]),
    ).toThrow('by key and by chance');
    expect(routeProblems([{ share: 0.6 }, { path: '/a', share: 0.6 }])).toEqual([]);
  });

  it('ROU-5 takes exactly the shares that it says, whatever the routes', () => {
    const route = fc.record(
      {
        path: fc.constantFrom('/a', '/a*', '/b', '/*'),
        headers: fc.constantFrom({ v: '1' }, { v: '2', w: '1' }, {}),
        share: fc.constantFrom(0.1, 0.25, 0.3),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(
        fc.array(route, { maxLength: 6 }).filter((routes) => routeProblems(routes).length === 0),
        fc.constantFrom('/a', '/ab', '/b'),
        fc.constantFrom({}, { v: '1' }, { v: '2', w: '1' }),
        (routes, path, headers) => {
          const shares = sharesOf(forksOf(routes, path, headers));
          const sum = [...shares.values()].reduce((a, b) => a + b, 0);
          expect(sum).toBeLessThanOrEqual(1 + 1e-9);
          const random = createRandom(2, 'routes');
          const router = new Router(routes);
          const took = new Map<number, number>();
          const n = 2000;
          for (let i = 0; i < n; i++) {
            const at = router.route(path, headers, random);
            took.set(at, (took.get(at) ?? 0) + 1);
          }
          for (const [at, count] of took) {
            const share = at === NO_ROUTE ? 1 - sum : (shares.get(at) ?? 0);
            expect(Math.abs(count / n - share)).toBeLessThan(5 * Math.sqrt((share * (1 - share)) / n) + 1e-9);
          }
        },
      ),
      { numRuns: 50, seed: 4 },
    );
  });
});
