import { describe, expect, test } from 'vitest';
import { kinds } from '../components/index.ts';
import { formatDiagnostic, formatDiagnostics, loadDesign } from './index.ts';

const options = { kinds: kinds.map((kind) => kind.describe), file: 'shop.yaml' };

const diagnose = (text: string) => loadDesign(text, options).diagnostics;
const brief = (text: string) => diagnose(text).map(({ code, path }) => `${code} ${path}`);

const shop = (
  parts: { traffic?: string; data?: string; components?: string; goals?: string } = {},
) => `name: shop
data:
  ${parts.data ?? 'item: { count: 1M, size: 2kB }'}
traffic:
  ${parts.traffic ?? 'shoppers: { call: web.view, rate: 100/s, key: item }'}
components:
  ${parts.components ?? 'web: { kind: service, operations: { view: [ { read: item, from: items } ] } }'}
  items: { kind: database, stores: item }
${parts.goals === undefined ? '' : `goals:\n  ${parts.goals}`}
`;

test('five faults of five sorts are five located errors', () => {
  const text = `name: shop
data:
  item: { count: 1M, size: 2ms, popularity: zipf(1.0) }
traffic:
  shoppers: { call: edge.veiw, rate: 100/s, key: item }
components:
  edge: { kind: load-balancer, to: web }
  web:
    kind: service
    instances: 0
    operations:
      view:
        - compute: 2ms
        - read: item
          from: itmes
          timeuot: 100ms
  items: { kind: database, stores: item }
`;
  const found = diagnose(text).map(({ code, line, column }) => `${line}:${column} ${code}`);
  expect(found).toEqual([
    '3:28 unit-mismatch',
    '5:21 unknown-operation',
    '10:16 out-of-range',
    '15:17 unknown-reference',
    '16:11 unknown-key',
  ]);
});

describe('what is reported where', () => {
  test('a missing key at the key of the map that lacks it', () => {
    const text =
      'name: x\ntraffic: { a: { call: b.c, rate: 1/s } }\ncomponents:\n  b:\n    kind: cache\n    memory: 1GB\n';
    expect(diagnose(text).find(({ code }) => code === 'missing-key')).toMatchObject({
      path: 'components.b.holds',
      line: 4,
      column: 3,
      length: 1,
    });
  });

  test('a key at the key, a value at the value, in the file with a byte order mark as in the file without', () => {
    const text = shop({
      components: 'web: { kind: service, color: red, cores: none, operations: { view: [] } }',
    });
    const spans = diagnose(text)
      .filter(({ severity }) => severity === 'error')
      .map(({ line, column, length }) =>
        text.split('\n')[line! - 1]?.slice(column! - 1, column! - 1 + length!),
      );
    expect(spans).toEqual(['color', 'none']);
    expect(diagnose(`\uFEFF${text}`)).toEqual(diagnose(text));
    expect(brief(text.replaceAll('\n', '\r\n'))).toEqual(brief(text));
  });

  test('what stands behind an alias at its anchor', () => {
    const text = `name: x
traffic: { a: { call: b.c, rate: 1/s }, d: { call: e.c, rate: 1/s } }
components:
  b: &service { kind: service, cores: 0, operations: { c: [ { compute: 1ms } ] } }
  e: *service
`;
    expect(diagnose(text)).toMatchObject([
      { code: 'out-of-range', path: 'components.b.cores', line: 4 },
      { code: 'out-of-range', path: 'components.e.cores', line: 4 },
    ]);
  });

  test('merged keys work as in YAML, and what the map says itself wins', () => {
    const { plan } = loadDesign(
      `name: x
traffic: { a: { call: b.c, rate: 1/s }, d: { call: e.c, rate: 1/s } }
components:
  b: &service { kind: service, cores: 2, instances: 3, operations: { c: [ { compute: 1ms } ] } }
  e: { <<: *service, cores: 8 }
`,
      options,
    );
    expect(plan?.components[1]?.settings).toMatchObject({ cores: 8, instances: 3 });
  });
});

describe('laws are one value wherever they stand', () => {
  const law = 'lognormal(p50: 2ms, p99: 9ms)';
  test.each([
    ['in flow style', `[ { compute: ${law} } ]`],
    ['in quotes', `[ { compute: "${law}" } ]`],
    ['in block style', `\n      - compute: ${law}  # with a comment: of two, parts`],
  ])('%s', (_, steps) => {
    const text = `name: x\ntraffic: { a: { call: b.c, rate: 1/s } }\ncomponents:\n  b:\n    kind: service\n    operations:\n     c: ${steps}\n`;
    const { plan, diagnostics } = loadDesign(text, options);
    expect(diagnostics).toEqual([]);
    expect(plan?.operations[0]?.steps).toMatchObject([{ time: { law: 'lognormal' } }]);
  });
  test('and texts keep their marks', () => {
    const text = `${shop()}decisions:\n  - { chose: "one(a, b: c)", because: 'f(x: y), z' }\n`;
    expect(loadDesign(text, options).plan?.decisions[0]).toMatchObject({
      chose: 'one(a, b: c)',
      because: 'f(x: y), z',
    });
  });
});

describe('one fault does not hide another', () => {
  test('a faulty number and a dangling name in the same step', () => {
    const view = '[ { read: item, from: nowhere, timeout: soon } ]';
    expect(brief(shop({ components: `web: { kind: service, operations: { view: ${view} } }` }))).toEqual([
      'unknown-reference components.web.operations.view[0].from',
      'not-a-quantity components.web.operations.view[0].timeout',
    ]);
  });
  test('an unknown kind and what its operations call', () => {
    const web = 'web: { kind: servise, operations: { view: [ { call: nobody.home } ] } }';
    expect(brief(shop({ components: web }))).toEqual([
      'unknown-kind components.web.kind',
      'unknown-reference components.web.operations.view[0].call',
    ]);
  });
  test('steps deep inside of steps', () => {
    const view = `
        - parallel:
            - [ { repeat: 0, do: [ { call: a.b } ] } ]
            - choose: [ { probability: 120%, do: [ { call: c.d } ] } ]
        - journey: { s: { do: [ { call: e.f } ], next: { t: 10% } } }`;
    expect(
      brief(shop({ components: `web:\n    kind: service\n    operations:\n      view:${view}` })),
    ).toEqual([
      'out-of-range components.web.operations.view[0].parallel[0][0].repeat',
      'unknown-reference components.web.operations.view[0].parallel[0][0].do[0].call',
      'out-of-range components.web.operations.view[0].parallel[1].choose[0].probability',
      'unknown-reference components.web.operations.view[0].parallel[1].choose[0].do[0].call',
      'unknown-reference components.web.operations.view[1].journey.s.do[0].call',
      'unknown-reference components.web.operations.view[1].journey.s.next.t',
    ]);
  });
  test('but what only follows from an error is held back', () => {
    // Nothing reaches the database, because the name is wrong: that alone is said.
    const view = '[ { read: item, from: itms } ]';
    expect(brief(shop({ components: `web: { kind: service, operations: { view: ${view} } }` }))).toEqual([
      'unknown-reference components.web.operations.view[0].from',
    ]);
  });
});

describe('circles of calls', () => {
  const services = (...calls: string[][]) =>
    calls
      .map(
        (steps, i) =>
          `s${i}: { kind: service, operations: { o: [ ${steps.map((to) => `{ call: ${to}.o }`).join(', ')} ] } }`,
      )
      .join('\n  ');
  const circle = (components: string) =>
    diagnose(`name: x\ntraffic: { a: { call: s0.o, rate: 1/s } }\ncomponents:\n  ${components}\n`)
      .filter(({ code }) => code === 'call-cycle')
      .map(({ message }) => message.replace(/^.*: /, ''));

  test('are named in the order of the calls', () => {
    expect(circle(services(['s1'], ['s2'], ['s0']))).toEqual(['s0.o → s1.o → s2.o → s0.o']);
  });
  test('of one operation, and several at once', () => {
    expect(circle(services(['s0', 's1'], ['s2'], ['s1']))).toEqual(['s0.o → s0.o', 's1.o → s2.o → s1.o']);
  });
  test('are not where two ways meet again', () => {
    expect(circle(services(['s1', 's2'], ['s3'], ['s3'], []))).toEqual([]);
  });
  test('through a balancer', () => {
    expect(circle(`${services(['edge'])}\n  edge: { kind: load-balancer, to: s0 }`)).toEqual([
      's0.o → edge.o → s0.o',
    ]);
  });
});

describe('keys', () => {
  const traffic = (...keys: string[]) =>
    keys.map((key, i) => `t${i}: { call: web.view, rate: 1/s${key} }`).join('\n  ');
  const keyOf = (keys: string[], step: string) => {
    const web = `web: { kind: service, operations: { view: [ ${step} ] } }`;
    const { plan, diagnostics } = loadDesign(shop({ traffic: traffic(...keys), components: web }), options);
    const [found] = plan?.operations[0]?.steps ?? [];
    return found?.step === 'call' ? found.key : diagnostics.map(({ code }) => code).join();
  };
  const read = '{ read: item, from: items }';
  test.each<[string[], string, unknown]>([
    [[', key: item'], read, { from: 'request' }],
    [[', key: new item'], read, { from: 'request' }],
    [[''], read, { from: 'draw', data: 0 }],
    [[', key: item', ''], read, 'mixed-keys'],
    [[', key: item', ''], '{ read: item, from: items, key: item }', { from: 'draw', data: 0 }],
    [[', key: item', ''], '{ read: item, from: items, key: request }', 'no-request-key'],
    [[', key: item'], '{ read: item, from: items, key: new item }', { from: 'new', data: 0 }],
    // A store of one data set is asked by key, whatever the words.
    [[', key: item'], '{ call: items.read }', { from: 'request' }],
    [[''], '{ call: items.read }', { from: 'draw', data: 0 }],
  ])('traffic%j, step %s', (keys, step, expected) => {
    expect(keyOf(keys, step)).toEqual(expected);
  });
});

describe('traffic is open or closed', () => {
  test.each([
    ['t: { call: web.view, key: item }', 'missing-key traffic.t'],
    ['t: { call: web.view, key: item, rate: 1/s, users: 3 }', 'conflicting-keys traffic.t.users'],
    ['t: { call: web.view, key: item, users: 3, peak: 2x }', 'idle-knob traffic.t.peak'],
    ['t: { call: web.view, key: item, users: 3, batch: 2 }', 'idle-knob traffic.t.batch'],
    ['t: { call: web.view, key: item, rate: 1/s, think: 1s }', 'idle-knob traffic.t.think'],
    ['t: { call: web.view, key: item, rate: 1/s, priority: 1 }', 'idle-knob traffic.t.priority'],
    ['t: { call: web.view, key: request, rate: 1/s }', 'no-request-key traffic.t.key'],
    [
      't: { call: web.view, key: item, rate: 1/s, shape: [ { at: 9s, times: 1 }, { at: 3s, times: 2 } ] }',
      'out-of-range traffic.t.shape[1].at',
    ],
  ])('%s', (traffic, expected) => {
    expect(brief(shop({ traffic }))).toContain(expected);
  });
});

describe('what is there and says nothing', () => {
  test.each([
    ['name: x\ntraffic: {}\ncomponents: {}', 'missing-key traffic', 'missing-key components'],
    ['name: x', 'missing-key traffic', 'missing-key components'],
    ['name: x\ntraffic:\ncomponents:', 'wrong-type traffic', 'wrong-type components'],
    [
      'name: [ x ]\ntraffic: []\ncomponents: all',
      'wrong-type name',
      'wrong-type traffic',
      'wrong-type components',
    ],
  ])('%j', (text, ...expected) => {
    expect(brief(text).sort()).toEqual([...expected].sort());
  });
});

describe('constants of the design', () => {
  const constants = (words: string) => brief(`${shop()}constants: { ${words} }\n`);
  test.each([
    ['rtt.dc: 1ms', []],
    ['rtt.dc: 0.5ms..2ms', []],
    ['rtt.dc: 1MB', ['unit-mismatch constants["rtt.dc"]']],
    ['rtt.dc: [ 1ms ]', ['wrong-type constants["rtt.dc"]']],
    ['rtt.dc: ', ['wrong-type constants["rtt.dc"]']],
    ['rtt.cd: 1ms', ['unknown-constant constants["rtt.cd"]']],
  ])('%s', (words, expected) => {
    expect(constants(words)).toEqual(expected);
  });
});

describe('bounds are told as they are read', () => {
  const expectedAt = (traffic: string) =>
    diagnose(shop({ traffic: `t: { call: web.view, key: item, ${traffic} }` }))[0]?.expected;

  test.each([
    ['rate: 1/s, peak: 0.5x', 'a ratio from 1x to 1000000x'],
    ['rate: 1/s, timeout: 0s', 'a time above 0s and at most 100y'],
    ['rate: 1/s, batch: 0.5', 'a count from 1 to 1M'],
    ['users: 0', 'a whole number from 1 to 10M'],
    ['users: 9, think: exponential(200y)', 'a mean from 0s to 100y'],
  ])('%s: %s', (traffic, expected) => {
    expect(expectedAt(traffic)).toBe(expected);
  });

  test('the most there can be is named where something is more', () => {
    const [found] = diagnose(shop({ data: 'item: { count: 1e18, size: 1B }' }));
    expect(found).toMatchObject({ code: 'out-of-range', expected: 'a count from 1 to 1000T' });
    const [beyond] = diagnose(shop({ data: 'item: { count: 1e400, size: 1B }' }));
    expect(beyond).toMatchObject({ code: 'out-of-range', found: '1e400', hint: 'the number is too large' });
  });

  test('what other tools call otherwise gets a hint', () => {
    const hints = (text: string) => diagnose(text).flatMap(({ hint }) => hint ?? []);
    expect(hints(shop({ goals: 'shoppers: { p999: 1s }' }))).toEqual(['did you mean `p99.9`?']);
    expect(hints(shop({ goals: 'shoppers: { suces: 99% }' }))).toEqual(['did you mean `success`?']);
    expect(hints(shop({ components: 'web: { type: service }' }))).toEqual(['write `kind` for `type`']);
    const traffic = 'a: { call: web.view, key: item, rate: 1,000/s }';
    expect(hints(shop({ traffic }))).toContain('write numbers without commas: 10k, 10_000');
  });

  test('words that are nearly right get a hint', () => {
    const hintAt = (traffic: string) =>
      diagnose(shop({ traffic: `t: { call: web.view, key: item, ${traffic} }` }))[0]?.hint;
    expect(hintAt('users: 9, think: expo(5ms)')).toBe('did you mean exponential?');
    expect(hintAt('rate: 1/s, arrivals: poison')).toBe('did you mean poisson?');
    const components = 'web: { kind: load-balancer, to: items, algorithm: leastconn }';
    expect(diagnose(shop({ components })).map(({ hint }) => hint)).toContain(
      'did you mean least-connections?',
    );
    expect(diagnose(shop({ data: 'item: { count: 1, size: 1B, popularity: zipff(1) }' }))[0]?.hint).toBe(
      'did you mean zipf?',
    );
  });
});

describe('text that is not YAML is told in the words of the language', () => {
  test.each([
    ['traffic: { a: { call: b.c }\ncomponents: {}\n', 'a { } is not closed where this line begins'],
    ['name x\ntraffic: y\n', 'a key is not followed by its colon'],
    ['name: a: b\n', 'a second key begins behind the first'],
    ['name: x\n\ttraffic: y\n', 'a tab indents this line'],
    ['a:\n    b: 1\n  c: 2\n', 'this line is not in line with its neighbours'],
    ['a: @x\n', 'a text cannot begin with @'],
    ['a: { b: 1 } }\n', 'there is a } too many'],
  ])('%j', (text, message) => {
    const errors = diagnose(text).filter(({ code }) => code === 'yaml-syntax');
    expect(errors.map((each) => each.message)).toEqual([message]);
  });
});

describe('what is empty', () => {
  const view = (steps: string) =>
    brief(shop({ components: `web: { kind: service, operations: { view: ${steps} } }` }));

  test.each(['parallel: []', 'choose: []', 'journey: {}'])('%s is nothing to do, and an error', (step) => {
    const path = `components.web.operations.view[0].${step.split(':', 1)}`;
    expect(view(`[ { ${step} }, { read: item, from: items } ]`)).toEqual([`out-of-range ${path}`]);
  });

  test('an operation without steps is a stub, and no error', () => {
    expect(view('[]')).toEqual(['unreachable-component components.items']);
    expect(view('[ { repeat: 2, do: [] }, { read: item, from: items } ]')).toEqual([]);
  });

  test('a goal without a target is forgotten', () => {
    expect(brief(shop({ goals: 'shoppers: {}' }))).toEqual(['missing-key goals.shoppers']);
  });
});

describe('one fault is told once', () => {
  test('a step that cannot be read may be the call that seems to be missing', () => {
    const step = '{ raed: item, from: items }';
    const components = `web: { kind: service, operations: { view: [ ${step} ] } }`;
    expect(brief(shop({ components }))).toEqual(['unknown-step components.web.operations.view[0]']);
  });

  test('a cache that holds something misspelt may hold what is read through it', () => {
    const components = `web: { kind: service, operations: { view: [ { read: item, from: items, through: copies } ] } }
  copies: { kind: cache, holds: itme, memory: 1GB }`;
    expect(brief(shop({ components }))).toEqual(['unknown-reference components.copies.holds']);
  });

  test('what is behind a balancer in front of a store is not asked for', () => {
    const traffic = 'shoppers: { call: edge.view, rate: 1/s, key: item }';
    const components = 'edge: { kind: load-balancer, to: items }';
    expect(brief(shop({ traffic, components }))).toEqual(['wrong-kind-for-role components.edge.to']);
  });

  test('a component of an unknown kind exists, and may be what a misspelt name meant', () => {
    const text = shop({
      components: `web: { kind: servce, operations: { view: [ { read: item, from: items, through: copis } ] } }
  copies: { kind: cahe, holds: item, memory: 1GB }
  empty:`,
      goals: 'view: { p99: 1s }',
    });
    const found = diagnose(text);
    expect(found.map(({ code, path }) => `${code} ${path}`)).toEqual([
      'unknown-kind components.web.kind',
      'unknown-reference components.web.operations.view[0].through',
      'unknown-kind components.copies.kind',
      'wrong-type components.empty',
    ]);
    expect(found[1]?.hint).toBe('did you mean `copies`?');
  });

  test('a circle of calls does not hide what nothing reaches', () => {
    const components = `web: { kind: service, operations: { view: [ { call: a.x } ] } }
  a: { kind: service, operations: { x: [ { call: b.x } ] } }
  b: { kind: service, operations: { x: [ { call: a.x } ] } }
  lost: { kind: service, operations: { x: [ { compute: 1ms } ] } }`;
    const found = brief(shop({ components }));
    expect(found).toContain('call-cycle components.b.operations.x[0].call');
    expect(found).toContain('unreachable-component components.lost');
  });

  test('a misspelt call is no name for a goal, and the goal it was meant for is no fault', () => {
    const misspelt = 'shoppers: { call: web.veiw, rate: 1/s, key: item }';
    expect(brief(shop({ traffic: misspelt, goals: 'view: { p99: 1s }' }))).toEqual([
      'unknown-operation traffic.shoppers.call',
    ]);
    const found = diagnose(shop({ traffic: misspelt, goals: 'shopers: { p99: 1s }' })).at(-1);
    expect(found).toMatchObject({ code: 'unknown-reference', expected: 'shoppers' });
  });
});

describe('idle settings of the language', () => {
  test('a setting that several components share through an alias is idle once', () => {
    const components = `web: { kind: service, operations: { view: [ { call: a.do }, { call: b.do } ] } }
  a: &shared { kind: service, cores: 4, model: event-loop, operations: { do: [ { compute: 1ms } ] } }
  b: *shared`;
    const idle = diagnose(shop({ components })).filter(({ code }) => code === 'idle-knob');
    expect(idle.map(({ path }) => path)).toEqual(['components.a.cores']);
  });

  test('priorities that nothing heeds are told once, with the traffic of all', () => {
    const traffic = ['a', 'b', 'c'].map(
      (each) => `${each}: { call: web.view, key: item, rate: 1/s, priority: 1 }`,
    );
    const found = diagnose(shop({ traffic: traffic.join('\n  ') }));
    expect(found.map(({ code, path }) => `${code} ${path}`)).toEqual(['idle-knob traffic.a.priority']);
    expect(found[0]?.message).toContain('b, c');
  });

  test('a warning lets the design pass', () => {
    const { plan, diagnostics } = loadDesign(
      shop({ data: 'item: { count: 1M, size: 2kB, keep: 5y }' }),
      options,
    );
    expect(diagnostics).toMatchObject([{ code: 'idle-knob', severity: 'warning', path: 'data.item.keep' }]);
    expect(plan).not.toBeNull();
  });
  test('popularity of keys that nobody draws', () => {
    const data = 'item: { count: 1M, size: 2kB, popularity: zipf(1) }';
    const traffic = 't: { call: web.view, rate: 1/s, key: new item }';
    expect(brief(shop({ data, traffic }))).toEqual(['idle-knob data.item.popularity']);
    expect(brief(shop({ data }))).toEqual([]);
  });
  test('steps after a fail', () => {
    const serving = (steps: string) =>
      brief(shop({ components: `web: { kind: service, operations: { view: ${steps} } }` })).filter((each) =>
        each.startsWith('idle-knob'),
      );
    expect(serving('[ { compute: 1ms }, { fail: out of stock }, { wait: 1ms }, { wait: 2ms } ]')).toEqual([
      'idle-knob components.web.operations.view[2]',
    ]);
    const branch = (steps: string) => `[ { choose: [ { probability: 10%, do: ${steps} } ] }, { wait: 1ms } ]`;
    expect(serving(branch('[ { fail: out of stock } ]'))).toEqual([]);
    expect(serving(branch('[ { fail: out of stock }, { wait: 1ms } ]'))).toHaveLength(1);
    expect(serving('[ { parallel: [ { fail: no }, { wait: 1ms } ], wait for: 1 } ]')).toEqual([]);
  });
  test('a constant that nothing takes', () => {
    const idle = (constants: string) => brief(`${shop({})}constants: ${constants}\n`);
    expect(idle('{ rtt.dc: 1ms, db.read.cpu: 80us, availability.database: 99% }')).toEqual([]);
    expect(idle('{ lat.ram: 90ns, db.read.cpu: 80us, cost.core: $1/h }')).toEqual([
      'idle-knob constants["lat.ram"]',
    ]);
  });
  test('a network that nothing crosses', () => {
    const alone = `name: x\nnetwork: { latency: 1ms, bandwidth: 1Gbit/s }\ntraffic: { a: { call: b.c, rate: 1/s } }\ncomponents:\n  b: { kind: service, operations: { c: [ { compute: 1ms } ] } }\n`;
    expect(brief(alone)).toEqual(['idle-knob network.latency', 'idle-knob network.bandwidth']);
  });
});

test('a diagnostic prints its place, the line, a mark and what helps', () => {
  const text =
    'name: x\ntraffic: { a: { call: b.c, rate: 80 } }\ncomponents:\n  b: { kind: service, operations: { c: [] } }\n';
  const [diagnostic] = diagnose(text);
  expect(
    formatDiagnostic(diagnostic!, text),
  ).toBe(`shop.yaml:2:34  error[unit-mismatch]  \`rate\` has the wrong unit
    2 | traffic: { a: { call: b.c, rate: 80 } }
      |                                  ^^
  found:    80 (without a unit)
  expected: a rate such as 80/s or 10B/day
  hint:     write 80/s or 80/day`);
});

test('at most fifty diagnostics are printed, and a count of the rest', () => {
  const text = `name: x\ntraffic: { a: { call: b.c, rate: 1/s } }\ncomponents:\n${Array.from({ length: 60 }, (_, i) => `  c${i}: { kind: none }\n`).join('')}`;
  const printed = formatDiagnostics(diagnose(text), text);
  expect(printed.match(/error\[/g)).toHaveLength(50);
  expect(printed).toMatch(/… and 11 more problems$/);
});
