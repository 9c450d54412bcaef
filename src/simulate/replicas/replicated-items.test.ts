import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReplicatedItems } from './replicated-items.ts';

const REPLICAS = 3;
const ITEMS = 2;

type Move =
  | { readonly do: 'write'; readonly item: number }
  | { readonly do: 'apply'; readonly item: number; readonly replica: number; readonly back: number }
  | { readonly do: 'confirm'; readonly item: number; readonly back: number };

const item = fc.nat({ max: ITEMS - 1 });
const back = fc.nat({ max: 4 });
const moves = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('write' as const), item }),
    fc.record({ do: fc.constant('apply' as const), item, replica: fc.nat({ max: REPLICAS - 1 }), back }),
    fc.record({ do: fc.constant('confirm' as const), item, back }),
  ),
  { maxLength: 200 },
);

/** Everything that was ever confirmed, and looked through each time. */
class Plain {
  newest = 0;
  readonly has = new Array<number>(REPLICAS).fill(0);
  readonly confirmed: { readonly version: number; readonly at: number }[] = [];

  supersededAt(replica: number): number {
    return this.confirmed.find(({ version }) => version > this.has[replica]!)?.at ?? Number.POSITIVE_INFINITY;
  }
}

function play(all: readonly Move[]): void {
  const items = new ReplicatedItems(REPLICAS);
  const plain = Array.from({ length: ITEMS }, () => new Plain());
  all.forEach((move, now) => {
    const known = plain[move.item]!;
    const row = items.rowOf(1000 * move.item);
    // Any of the versions there are, the newest more often: writes come late, and in any order.
    const version = Math.max(1, known.newest - ('back' in move ? move.back : 0));
    if (move.do === 'write') expect(items.write(row)).toBe(++known.newest);
    else if (known.newest === 0) return;
    else if (move.do === 'apply') {
      items.apply(row, move.replica, version);
      known.has[move.replica] = Math.max(known.has[move.replica]!, version);
    } else {
      items.confirm(row, version, now);
      known.confirmed.push({ version, at: now });
    }
    expect(items.confirmedOf(row)).toBe(Math.max(0, ...known.confirmed.map((each) => each.version)));
    for (let replica = 0; replica < REPLICAS; replica++) {
      expect(items.versionAt(row, replica)).toBe(known.has[replica]);
      expect(items.supersededAt(row, replica)).toBe(known.supersededAt(replica));
    }
  });
}

describe('versions on replicas', () => {
  it('VER-1 are those that a list of all confirmations gives, whatever comes late and in whichever order', () => {
    fc.assert(
      fc.property(moves, (all) => {
        play(all);
      }),
      { numRuns: 300 },
    );
  });

  it('VER-2 are 0 everywhere of an item that was never written', () => {
    const items = new ReplicatedItems(REPLICAS);
    const row = items.find(7);
    expect(row).toBe(-1);
    expect([items.confirmedOf(row), items.versionAt(row, 2), items.supersededAt(row, 2)]).toEqual([
      0,
      0,
      Number.POSITIVE_INFINITY,
    ]);
  });

  it('VER-3 takes thousands of items, and of confirmations that one replica lacks', () => {
    const items = new ReplicatedItems(2);
    for (let n = 0; n < 3000; n++) {
      const row = items.rowOf(n % 700);
      const version = items.write(row);
      items.apply(row, 0, version);
      items.confirm(row, version, n);
    }
    for (let name = 0; name < 700; name++) {
      const row = items.find(name);
      expect(items.supersededAt(row, 1)).toBe(name);
      items.apply(row, 1, 2);
      expect(items.supersededAt(row, 1)).toBe(name + 1400);
    }
  });
});
