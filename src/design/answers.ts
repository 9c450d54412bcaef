import { calleesBefore } from './call-order.ts';
import { calleesOf, waysFor } from './callees.ts';
import { innerSteps } from './inner-steps.ts';
import type { Plan, PlanJourneyState, PlanStep, PlanTraffic } from './plan.ts';

/** Rounds after which what is left of a journey is nothing. */
const LONGEST_WALK = 10_000;

/** Mean bytes of what an answer brings: the items that the steps behind it read, wherever; headers come on top. */
export interface AnswerBytes {
  /** What was read. */
  readonly read: number;
  /** Bytes on the way that nobody has compressed. */
  readonly plain: number;
  /** Bytes on the way that somebody has. */
  readonly packed: number;
}

/** Whose requests are asked about. */
interface About {
  /** Those of one traffic; default: of all. */
  readonly traffic?: number | undefined;
  /** Data of which they carry a key, null = of none; default: of what is kept, where answers are kept. */
  readonly keyed?: number | null;
}

const nothing: AnswerBytes = { read: 0, plain: 0, packed: 0 };

/** What the answer to an operation brings, as it leaves the component that answers. */
export function answerBytes(plan: Plan, operation: number, about: About = {}): AnswerBytes {
  return new Answers(plan, about).leaving(operation);
}

/** The same before the component compresses anything. */
export function uncompressedAnswer(plan: Plan, operation: number): AnswerBytes {
  return new Answers(plan, {}).coming(operation);
}

/** Bytes of the items of an answer on its way. */
export const bytesSent = ({ plain, packed }: AnswerBytes): number => plain + packed;

/** Bytes on the way to the users of a traffic, as a share of what is read for them. */
export function shareSent(plan: Plan, { index, operation, key }: PlanTraffic): number {
  let asked = plan.operations[operation]!;
  // Who asks for users gives them what comes to it.
  while (plan.components[asked.component]!.outside) asked = plan.operations[calleesOf(asked)[0]!]!;
  const keyed = key?.from === 'draw' ? key.data : null;
  const answer = answerBytes(plan, asked.index, { traffic: index, keyed });
  return answer.read === 0 ? 1 : bytesSent(answer) / answer.read;
}

class Answers {
  private readonly plan: Plan;
  private readonly about: About;
  private readonly known = new Map<number, AnswerBytes>();
  /** Operations that work on messages: what they answer is that they have. */
  private readonly works: ReadonlySet<number | null>;

  constructor(plan: Plan, about: About) {
    this.plan = plan;
    this.about = about;
    const deliveries = plan.operations.filter(({ delivery }) => delivery !== undefined);
    this.works = new Set(deliveries.map(({ forwards }) => forwards));
  }

  leaving(operation: number): AnswerBytes {
    const { known, plan } = this;
    const before = known.get(operation);
    if (before !== undefined) return before;
    // Those that it calls come first, so that a long chain of calls is no deep recursion.
    for (const each of calleesBefore(plan.operations, operation, (of) => known.has(of))) {
      known.set(each, this.made(each));
    }
    return known.get(operation)!;
  }

  private made(operation: number): AnswerBytes {
    const coming = this.coming(operation);
    const ratio = this.plan.components[this.plan.operations[operation]!.component]!.answers?.ratio;
    if (ratio === undefined) return coming;
    return { read: coming.read, plain: 0, packed: coming.packed + coming.plain / ratio };
  }

  /** From its steps, from what it passes on to, or from its copies. */
  coming(operation: number): AnswerBytes {
    const { plan, about } = this;
    if (this.works.has(operation)) return nothing;
    const { component, steps, forwards, among } = plan.operations[operation]!;
    const { answers } = plan.components[component]!;
    const behind =
      among !== undefined
        ? waysFor(among, about.traffic)
            .map((way) => scaled(this.leaving(way.operation), way.share))
            .reduce(plus, nothing)
        : forwards !== null
          ? this.leaving(forwards)
          : plainly(this.all(steps));
    const copies = answers?.copies;
    if (copies === undefined || !copies.operations.includes(operation)) return behind;
    if (about.keyed !== undefined && about.keyed !== copies.data) return behind;
    // A copy is kept as it came, compressed or not.
    const { value } = plan.data[copies.data]!.size;
    return behind.read === 0 ? plainly(value) : scaled(behind, value / behind.read);
  }

  /** Bytes read by steps; what was compressed on its way to them, they unpack. */
  private all(steps: readonly PlanStep[]): number {
    return steps.reduce((sum, step) => sum + this.step(step), 0);
  }

  private step(step: PlanStep): number {
    switch (step.step) {
      case 'call': {
        const moved = step.moves ?? step.carries;
        const own = moved?.with === 'answer' ? this.plan.data[moved.data]!.size.value : 0;
        return own + this.leaving(step.operation).read;
      }
      case 'choose':
        return step.cases.reduce((sum, { probability, steps }) => sum + probability * this.all(steps), 0);
      case 'repeat':
        return step.times * this.all(step.steps);
      case 'fallback':
        return this.all(step.steps);
      case 'journey':
        return walked(step.states, (steps) => this.all(steps));
      default:
        return innerSteps(step).reduce((sum, steps) => sum + this.all(steps), 0);
    }
  }
}

const plainly = (bytes: number): AnswerBytes => ({ read: bytes, plain: bytes, packed: 0 });

function scaled({ read, plain, packed }: AnswerBytes, by: number): AnswerBytes {
  return { read: read * by, plain: plain * by, packed: packed * by };
}

function plus(a: AnswerBytes, b: AnswerBytes): AnswerBytes {
  return { read: a.read + b.read, plain: a.plain + b.plain, packed: a.packed + b.packed };
}

function walked(
  states: readonly PlanJourneyState[],
  bytesOf: (steps: readonly PlanStep[]) => number,
): number {
  const each = states.map(({ steps }) => bytesOf(steps));
  let reached = states.map((_, i) => Number(i === 0));
  let bytes = 0;
  for (let round = 0; round < LONGEST_WALK; round++) {
    const before = bytes;
    const onwards: number[] = states.map(() => 0);
    states.forEach(({ next }, i) => {
      bytes += reached[i]! * each[i]!;
      for (const { state, probability } of next) onwards[state]! += reached[i]! * probability;
    });
    reached = onwards;
    if (bytes - before <= 1e-12 * bytes && reached.reduce((sum, share) => sum + share, 0) < 1e-9) break;
  }
  return bytes;
}
