import { describe, expect, test } from 'vitest';
import { bare, HOSTILE, hostile, planned, shop } from '../../cli/results.fixture.ts';
import { drawingOf } from './drawing.ts';
import { layOutDrawing } from './layout.ts';
import { mermaidOf } from './mermaid.ts';
import { drawingToSvg } from './svg.ts';
import { brokenText, textWidth } from './text-width.ts';

const drawn = (text: string) => {
  const { plan, kinds } = planned(text);
  return drawingOf(plan, kinds);
};

describe('the drawing of a plan', () => {
  test('has a box for every traffic and component, with how many there are and where', () => {
    const boxes = Object.fromEntries(drawn(shop).boxes.map((box) => [box.name, box]));
    expect(boxes['visitors']).toMatchObject({ shape: 'users', lines: ['60/s, peak 2×', 'from east'] });
    expect(boxes['shop']).toMatchObject({
      shape: 'program',
      lines: ['service', '4 × 2 cores', 'in 2 zones'],
      copies: 4,
      group: 'r0',
    });
    expect(boxes['store']).toMatchObject({ shape: 'store', group: 'z0' });
    expect(boxes['hot']).toMatchObject({ shape: 'copies' });
    expect(boxes['orders']).toMatchObject({ shape: 'channel' });
    // Its region is that one zone.
    expect(boxes['packer']).toMatchObject({ group: 'r1', copies: 2 });
  });

  test('has one arrow from one to another with all operations, and others for messages', () => {
    const { boxes, arrows } = drawn(shop);
    const nameOf = (id: string) => boxes.find((box) => box.id === id)!.name;
    const said = arrows.map(
      ({ from, to, labels, sends }) => `${nameOf(from)} ${sends} ${nameOf(to)}: ${labels.join(', ')}`,
    );
    expect(said).toEqual([
      'visitors request edge: view',
      'buyers request edge: buy',
      'edge request shop: view, buy',
      'shop request hot: get, set',
      'shop request store: read',
      'shop message orders: publish',
      'orders message packer: pack',
    ]);
  });

  test('says what share goes which way', () => {
    const { arrows } = drawn(`
name: two
traffic: { users: { call: www.view, rate: 10/s } }
components:
  www: { kind: dns, to: [one, two] }
  one: { kind: service, operations: { view: [ { compute: 1ms } ] } }
  two: { kind: service, operations: { view: [ { compute: 1ms } ] } }
`);
    expect(arrows.map(({ labels }) => labels)).toEqual([['view'], ['view (50 %)'], ['view (50 %)']]);
  });
});

describe('Mermaid', () => {
  test('is a flowchart of made-up identifiers and quoted texts', () => {
    expect(mermaidOf(drawn(bare))).toBe(
      [
        'flowchart LR',
        '  accTitle: bare',
        '  t0(["users<br/>10/s"])',
        '  c0["web<br/>service<br/>1 core"]',
        '  t0 -->|"ask"| c0',
        '',
      ].join('\n'),
    );
  });

  test('puts zones into their region', () => {
    expect(mermaidOf(drawn(shop))).toMatch(
      / {2}subgraph r0\["east"\]\n(?: {4}c\d.*\n)+ {4}subgraph z0\["a"\]\n(?: {6}c\d.*\n)+ {4}end\n {2}end\n {2}subgraph r1/,
    );
  });

  test('lets nothing of a name out of its quotes', () => {
    const lines = mermaidOf({
      title: HOSTILE,
      summary: '',
      boxes: [
        { id: 'c0', shape: 'store', name: `a"]\n end ${HOSTILE}`, lines: [HOSTILE], copies: 1, group: null },
      ],
      arrows: [{ from: 'c0', to: 'c0', labels: [`"| ${HOSTILE}`], sends: 'message' }],
      groups: [],
    }).split('\n');
    expect(lines).toHaveLength(5);
    const safe = String.raw`[\p{L}\p{N} .,:/()×%µ±+'-]|#\d+;|<br/>`;
    expect(lines[1]).toMatch(/^ {2}accTitle: [\p{L}\p{N} .,()'_-]*$/u);
    expect(lines[2]).toMatch(new RegExp(`^  c0\\[\\("(?:${safe})*"\\)\\]$`, 'u'));
    expect(lines[3]).toMatch(new RegExp(`^  c0 -\\.->\\|"(?:${safe})*"\\| c0$`, 'u'));
    expect(lines.join('\n')).not.toContain('%%');
  });
});

describe('the picture', () => {
  const long = shop
    .replaceAll('visitors', 'a-traffic-whose-name-is-as-long-as-names-may-be-and-that-is-64-x')
    .replaceAll('packer', '商品を梱包するサービスの名前がとても長い場合');

  test.each([
    ['shop', shop, 'right'],
    ['shop', shop, 'down'],
    ['long names', long, 'right'],
    ['long names', long, 'down'],
  ] as const)(
    '%s: boxes and labels touch neither each other nor the edge, running %s',
    async (_, text, runs) => {
      const { boxes, arrows, width, height } = await layOutDrawing(drawn(text), runs);
      const all = [
        ...boxes.map((box) => ({ ...box, what: box.box.name })),
        ...arrows.map(({ label, arrow }) => ({ ...label, what: `${arrow.from} to ${arrow.to}` })),
      ];
      const touching = all.flatMap((a, index) =>
        all
          .slice(index + 1)
          .filter(
            (b) =>
              Math.abs(a.x - b.x) < (a.width + b.width) / 2 - 0.01 &&
              Math.abs(a.y - b.y) < (a.height + b.height) / 2 - 0.01,
          )
          .map((b) => `${a.what} and ${b.what}`),
      );
      expect(touching).toEqual([]);
      for (const each of all) {
        expect(each.x - each.width / 2).toBeGreaterThanOrEqual(0);
        expect(each.y - each.height / 2).toBeGreaterThanOrEqual(0);
        expect(each.x + each.width / 2).toBeLessThanOrEqual(width);
        expect(each.y + each.height / 2).toBeLessThanOrEqual(height);
      }
    },
  );

  test('names itself, says what it shows, and comes out the same each time', async () => {
    const svg = await drawingToSvg(drawn(shop));
    expect(svg).toMatch(/<svg [^>]*role="img" aria-labelledby="diagram-title diagram-text"/);
    expect(svg).toContain('<title id="diagram-title">Diagram of shop</title>');
    expect(svg).toContain('shop sends messages to orders: publish.');
    expect(svg).toContain('prefers-color-scheme: dark');
    expect(await drawingToSvg(drawn(shop))).toBe(svg);
  });

  test('holds no markup of the design', async () => {
    const svg = await drawingToSvg(drawn(hostile));
    expect(svg).not.toContain('<script');
    expect(svg).not.toContain('<img');
    expect(svg).toContain('&#60;script&#62;');
  });
});

describe('widths of text', () => {
  test('lines are as wide as they may be at most, and lose nothing but the spaces between them', () => {
    for (const text of [
      'one two three',
      'a-very-long-name-with-dashes-and_underscores',
      'W'.repeat(80),
      '名前'.repeat(30),
    ]) {
      const lines = brokenText(text, 14, 120);
      for (const line of lines) expect(textWidth(line, 14)).toBeLessThanOrEqual(120);
      expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
    }
  });

  test('wide scripts take more room than narrow letters', () => {
    expect(textWidth('名前', 10)).toBeGreaterThan(textWidth('il', 10) * 2);
  });
});
