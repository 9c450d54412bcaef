import { describe, expect, it } from 'vitest';
import { createBalancer } from '../../blocks/index.ts';
import { createRandom } from '../../kernel/index.ts';
import { ConnectionBalancer } from './connection-balancer.ts';

const random = createRandom(1, 'connections');
const REUSED = true;

/** Over three targets, those with the fewest connections first. */
function balancer() {
  const made = new ConnectionBalancer(() => createBalancer('least-connections', 3, {}));
  const lost: number[] = [];
  made.lost = (connection) => lost.push(connection);
  const ask = (connection: number, reused = false): number => {
    made.connection = connection;
    made.isReused = reused;
    const target = made.pick(random, 0);
    if (target >= 0) made.started(target, 0);
    return target;
  };
  const answer = (connection: number, target: number): void => {
    made.connection = connection;
    made.finished(target, 1, 1, true);
  };
  return { made, lost, ask, answer };
}

describe('a balancer of connections', () => {
  it('CONN-1 sends all requests of a connection to one target, and counts connections, not requests', () => {
    const { made, ask, answer } = balancer();
    const first = ask(1);
    for (let i = 0; i < 9; i++) expect(ask(1)).toBe(first);
    expect(made.inFlight[first]).toBe(10);
    const others = [ask(2), ask(3)];
    expect(new Set([first, ...others]).size).toBe(3);
    for (let i = 0; i < 10; i++) answer(1, first);
    expect(made.inFlight[first]).toBe(0);
    // All have one connection; when the second is closed, its target has none.
    made.closed(2, 2);
    expect(ask(4)).toBe(others[0]);
    expect(ask(1)).toBe(first);
  });

  it('CONN-2 chooses for each request that comes over none', () => {
    const { ask, answer } = balancer();
    const targets = [ask(0), ask(0), ask(0)];
    expect(new Set(targets).size).toBe(3);
    answer(0, targets[1]!);
    expect(ask(0)).toBe(targets[1]);
  });

  it('CONN-3 lets connections go with their target, and leaves them where they are when another comes back', () => {
    const { made, lost, ask } = balancer();
    made.setAvailable(2, false);
    const targets = [1, 2, 3, 4].map((connection) => ask(connection));
    expect(new Set(targets)).toEqual(new Set([0, 1]));
    made.setAvailable(2, true);
    expect([1, 2, 3, 4].map((connection) => ask(connection))).toEqual(targets);
    // New ones go to the one that has none yet.
    expect([5, 6].map((connection) => ask(connection))).toEqual([2, 2]);
    made.setAvailable(2, false);
    expect(lost).toEqual([5, 6]);
    expect(made.targetOf(5)).toBe(-1);
    expect(ask(7)).not.toBe(2);
  });

  it('CONN-4 spreads connections from before over the targets of then', () => {
    const { made, ask } = balancer();
    made.setAvailable(0, false);
    ask(1);
    made.setAvailable(0, true);
    expect([2, 3, 4, 5].map((connection) => ask(connection, REUSED)).includes(0)).toBe(false);
    expect(ask(6)).toBe(0);
    made.cut(1);
    expect([7, 8, 9].map((connection) => ask(connection, REUSED)).includes(1)).toBe(true);
    expect(made.targetOf(2) === 1 || made.targetOf(3) === 1).toBe(false);
  });

  it('CONN-5 says that there is nobody', () => {
    const { made, ask } = balancer();
    for (const target of [0, 1, 2]) made.setAvailable(target, false);
    expect([ask(0), ask(1), ask(2, REUSED)]).toEqual([-1, -1, -1]);
    made.setAvailable(1, true);
    expect(ask(1)).toBe(1);
  });
});
