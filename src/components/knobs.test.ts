import { describe, expect, test } from 'vitest';
import { loadDesignObject, settingsOf } from '../design/index.ts';
import type { Plan } from '../design/plan.ts';
import { estimate } from '../estimate/index.ts';
import type { Report } from '../report/index.ts';
import { simulate } from '../simulate/index.ts';
import { knobs as cache } from './cache/knobs.fixture.ts';
import { knobs as cdn } from './cdn/knobs.fixture.ts';
import { knobs as client } from './client/knobs.fixture.ts';
import { knobs as database } from './database/knobs.fixture.ts';
import { knobs as dns } from './dns/knobs.fixture.ts';
import { knobs as external } from './external/knobs.fixture.ts';
import { knobs as gateway } from './gateway/knobs.fixture.ts';
import { estimatedKinds, kinds, simulatedKinds } from './index.ts';
import { designsOf, type Knobs } from './knobs.fixture.ts';
import { knobs as loadBalancer } from './load-balancer/knobs.fixture.ts';
import { knobs as queue } from './queue/knobs.fixture.ts';
import { knobs as service } from './service/knobs.fixture.ts';
import { knobs as stream } from './stream/knobs.fixture.ts';

/** By kind. */
const tables: Readonly<Record<string, Knobs>> = {
  cache,
  cdn,
  client,
  database,
  dns,
  external,
  gateway,
  'load-balancer': loadBalancer,
  queue,
  service,
  stream,
};

const descriptions = kinds.map(({ describe: kind }) => kind);

/** The plan, and what the checker says of `it`. */
function load(design: object): { readonly plan: Plan; readonly warnings: readonly string[] } {
  const { plan, said } = checked(design);
  if (plan === null) throw new Error(said.join('\n'));
  return { plan, warnings: said.filter((text) => text.includes('idle') && text.includes('components.it')) };
}

function checked(design: object): { readonly plan: Plan | null; readonly said: readonly string[] } {
  const { plan, diagnostics } = loadDesignObject(design, { kinds: descriptions });
  return { plan, said: diagnostics.map(({ code, path, message }) => `${code} ${path}: ${message}`) };
}

/** What the path of a setting of `it` looks like, or of a section that it is in, whichever entry of a list or a map. */
function pathOf(setting: string): RegExp {
  const [first, ...rest] = setting
    .split('.')
    .map((part) => (part === '*' ? '[^.:]+' : `${part}(\\[\\d+\\])?`));
  return new RegExp(
    ` components\\.it\\.${first}${rest.map((part) => `(\\.${part}`).join('')}${')?'.repeat(rest.length)}:`,
  );
}

/** All that a report says of what was asked, without what only names the run. */
function figuresOf({ notes: _, command: __, events: ___, ...figures }: Report): string {
  return JSON.stringify(figures);
}

async function simulated(plan: Plan): Promise<string> {
  const scenario = plan.scenarios.some(({ name }) => name === 'it') ? { scenario: 'it' } : { time: 5 };
  const report = await simulate(plan, simulatedKinds, { seed: 1, warmup: 1, replications: 2, ...scenario });
  return figuresOf(report);
}

describe.each(descriptions.map((kind) => [kind.name, kind] as const))('%s', (name, kind) => {
  const table = tables[name];
  const { operations } = kind;
  // A list of what can be asked for is a vocabulary: a name in it that nobody asks for changes nothing.
  const names = operations.from === 'list' ? operations.setting : null;
  const settings = settingsOf(kind)
    .map((setting) => setting.name)
    .filter((setting) => setting !== names);

  test('KNOB-1 the table has every setting', () => {
    expect(Object.keys(table?.settings ?? {}).sort()).toEqual([...settings].sort());
  });

  // Law 5 of the design: every knob moves something.
  test.each(Object.keys(table?.settings ?? {}))('KNOB-2 %s moves a figure', async (setting) => {
    const designs = designsOf(table!, setting);
    const a = load(designs[0]);
    const isTold = (text: string): boolean => pathOf(setting).test(text);
    expect(a.warnings.filter(isTold)).toEqual([]);
    const said = table!.settings[setting]!;
    if ('refused' in said) {
      expect(checked(designs[1])).toMatchObject({
        plan: null,
        said: [expect.stringContaining('missing-key')],
      });
      return;
    }
    const b = load(designs[1]);
    expect(b.warnings.filter(isTold)).toEqual([]);
    const [one, other] = [a, b].map(({ plan }) => figuresOf(estimate(plan, estimatedKinds)));
    if (one !== other) return;
    expect(await simulated(a.plan)).not.toBe(await simulated(b.plan));
  });
});
