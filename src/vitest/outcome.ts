import { type LoadedPlan, load, planOf } from '../cli/load.ts';
import { nothingOwn } from '../cli/own-module.ts';
import { processIo } from '../cli/process-io.ts';
import { createShell } from '../cli/shell.ts';
import { defaultWorkers, workerPool } from '../cli/worker-pool.ts';
import { kindParts } from '../components/index.ts';
import {
  type DesignInput,
  formatDiagnostics,
  loadDesignObject,
  type Plan,
  underLoad,
} from '../design/index.ts';
import { estimate } from '../estimate/index.ts';
import { nearestName, parseQuantity } from '../quantities/index.ts';
import type { Report } from '../report/index.ts';
import { type SimulateOptions, simulate } from '../simulate/index.ts';
import { version } from '../version.ts';

/** What matchers look at: a design that was simulated, and its estimate. */
export interface Outcome {
  readonly plan: Plan;
  readonly report: Report;
  readonly estimate: Report;
}

/** How a design is to be run; the defaults are those of `tenfold simulate`. */
interface Setting {
  readonly load: number;
  readonly scenario: string | null;
  readonly options: Pick<SimulateOptions, 'seed' | 'precision' | 'replications' | 'time' | 'maxWall'> & {
    /** Worker threads; 1 = the thread of the test. */
    readonly workers?: number;
  };
}

/** The most real seconds of a run, unless the test says otherwise. */
const MAX_WALL = 60;

/**
 * A design under test. It runs when it is awaited; each call gives another one, so that a part can be shared.
 *
 * ```ts
 * const outcome = await design('shop.yaml').at('10x').during('zone-outage');
 * ```
 */
export class DesignUnderTest implements PromiseLike<Outcome> {
  readonly #source: string | DesignInput;
  readonly #setting: Setting;

  constructor(source: string | DesignInput, setting: Setting) {
    this.#source = source;
    this.#setting = setting;
  }

  /** Under so many times its traffic, such as `10x` or `2.5`. */
  at(load: string | number): DesignUnderTest {
    const times = typeof load === 'number' ? load : readTimes(load);
    if (!(times > 0 && Number.isFinite(times))) throw new RangeError(`load must be above 0, got ${load}`);
    return this.#with({ load: times });
  }

  /** Under a scenario of the design. */
  during(scenario: string): DesignUnderTest {
    return this.#with({ scenario });
  }

  /** With options of `tenfold simulate`: seed, precision, replications, time and maxWall in seconds, workers. */
  with(options: Setting['options']): DesignUnderTest {
    return this.#with({ options: { ...this.#setting.options, ...options } });
  }

  // biome-ignore lint/suspicious/noThenProperty: awaiting it is how a test runs the design.
  then<A = Outcome, B = never>(
    done?: ((outcome: Outcome) => A | PromiseLike<A>) | null,
    failed?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): PromiseLike<A | B> {
    return run(this.#source, this.#setting).then(done, failed);
  }

  #with(change: Partial<Setting>): DesignUnderTest {
    return new DesignUnderTest(this.#source, { ...this.#setting, ...change });
  }
}

/**
 * A design to test.
 *
 * @param source a file, a ready system, a file at a revision in git (all as on the command line), or an object as
 *   `defineDesign` takes it
 */
export function design(source: string | DesignInput): DesignUnderTest {
  return new DesignUnderTest(source, { load: 1, scenario: null, options: {} });
}

function readTimes(text: string): number {
  const read = parseQuantity(text, 'ratio');
  if (!read.ok) throw new RangeError(`load must be a multiple such as 10x, got ${text}`);
  return read.value.value;
}

/** @throws Error with all that is wrong with the design, or that says that it has no such scenario */
async function run(
  source: string | DesignInput,
  { load: times, scenario, options }: Setting,
): Promise<Outcome> {
  const { name, loaded } = typeof source === 'string' ? await fromFile(source) : fromObject(source);
  const plan = underLoad(loaded.plan, times);
  if (scenario !== null) {
    const names = plan.scenarios.map((each) => each.name);
    if (!names.includes(scenario)) throw new Error(noScenario(plan.name, scenario, names));
  }
  const { workers = defaultWorkers(), ...others } = options;
  const pool = workerPool({ workers, own: loaded.own, module: loaded.module });
  try {
    const report = await simulate(
      plan,
      loaded.kinds.simulated,
      {
        version,
        invocation: `tenfold simulate ${name}${times === 1 ? '' : ` --load ${times}x`}`,
        clock: () => performance.now() / 1000,
        maxWall: MAX_WALL,
        ...others,
        ...(scenario === null ? {} : { scenario }),
      },
      pool,
    );
    return { plan, report, estimate: estimate(plan, loaded.kinds.estimated, { version }) };
  } finally {
    await pool.close();
  }
}

interface Found {
  /** As a command would name it. */
  readonly name: string;
  readonly loaded: Pick<LoadedPlan, 'plan' | 'kinds' | 'own' | 'module'>;
}

function fromObject(source: DesignInput): Found {
  const kinds = kindParts();
  const { plan, diagnostics } = loadDesignObject(source, { kinds: kinds.described });
  if (plan === null) throw new Error(formatDiagnostics(diagnostics));
  return { name: plan.name, loaded: { plan, kinds, own: nothingOwn, module: null } };
}

async function fromFile(name: string): Promise<Found> {
  const found = await load(
    name,
    undefined,
    createShell(processIo(), version, () => false),
  );
  const loaded = planOf(found);
  if (loaded === null) throw new Error(formatDiagnostics(found.diagnostics));
  return { name, loaded };
}

function noScenario(design: string, name: string, all: readonly string[]): string {
  const near = nearestName(name, all);
  const meant = near === null ? '' : `; did you mean ${near}?`;
  return `${design} has no scenario ${name}${meant} It has ${all.length === 0 ? 'none' : all.join(', ')}`;
}
