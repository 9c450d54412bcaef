import type { Plan, PlanDelivery } from '../design/plan.ts';
import { channelName } from '../design/plan-deliveries.ts';
import { type FlowRules, type Flows, Follower } from './flows.ts';
import { type Law, mean, mixture, point, sum, zero } from './law/index.ts';
import type { Response } from './outgoing.ts';
import type { Responder } from './response.ts';

/** What becomes of the messages of a component; rates are per second. */
export interface SolvedQueue {
  readonly name: string;
  readonly published: number;
  readonly deliveries: number;
  /** Share of the messages that somebody works on well. */
  readonly acknowledged: number;
  /** From publishing to the acknowledgement. */
  readonly age: Law;
  /** Whether its consumers keep up, and by how many messages a second they do not. */
  readonly stable: boolean;
  readonly growth: number;
  /** Whether anybody works on its messages. */
  readonly isConsumed: boolean;
}

/** What the estimate knows of those who work on messages. */
interface Consumers {
  readonly stable: boolean;
  readonly offered: number;
  readonly capacity: number;
}

/**
 * The queues of a solved plan, of messages that several groups get one for each.
 *
 * @param stations by component: those who work on messages, one for each group
 */
export function queuesOf(
  plan: Plan,
  flows: Flows,
  rules: FlowRules,
  responder: Responder,
  stations: readonly (readonly Consumers[])[],
): SolvedQueue[] {
  const follower = new Follower(plan, rules);
  return plan.operations.flatMap((publish): SolvedQueue[] => {
    const { delivers = [], component, index, takesMessages } = publish;
    if (takesMessages !== true) return [];
    const { name } = plan.components[component]!;
    const published = flows.rates[index]!;
    if (delivers.length === 0) return [{ ...unread, name, published }];
    return delivers.map((to, group): SolvedQueue => {
      const delivery = plan.operations[to]!;
      const { attempts } = delivery.delivery!;
      const lost = flows.streams[index]!.reduce((sum, { traffic, rate }) => {
        return attempts === null ? sum : sum + rate * (1 - follower.success(to, traffic)) ** attempts;
      }, 0);
      const { stable, offered, capacity } = stations[component]![group]!;
      const ages = flows.streams[to]!.map(({ traffic, keys, rate }) => ({
        weight: rate,
        of: ageOf(responder.of(to, traffic, keys), delivery.delivery!),
      }));
      return {
        name: channelName(name, delivery),
        published,
        deliveries: flows.rates[to]!,
        acknowledged: published === 0 ? 1 : 1 - lost / published,
        age: ages.length === 0 ? zero : mixture(ages),
        stable,
        growth: stable ? 0 : published * Math.max(0, 1 - capacity / offered),
        isConsumed: true,
      };
    });
  });
}

/** What nobody works on. */
const unread = { deliveries: 0, acknowledged: 0, age: zero, stable: true, growth: 0, isConsumed: false };

/** Deliveries of a message that are told apart; of more, its age is that of so many. */
const TOLD_APART = 12;
const SELDOM = 1e-6;

/** The age of a message whose deliveries each succeed with the same chance, and take as long, whether they do or not. */
function ageOf({ law, success }: Response, { attempts, pause }: PlanDelivery): Law {
  if (success >= 1 || success <= 0) return law;
  const most = Math.min(attempts ?? TOLD_APART, TOLD_APART);
  const cases: { weight: number; of: Law }[] = [];
  let weight = success;
  const before: Law[] = [];
  for (let k = 1; k <= most && weight > SELDOM; k++) {
    cases.push({ weight, of: sum(...before, law) });
    before.push(law, point(pause));
    weight *= 1 - success;
  }
  return mixture(cases);
}

/** What the report says of a queue, but for the quantiles of the age. */
export function* queueValues(queue: SolvedQueue): Generator<[string, number | null]> {
  const { published, deliveries, acknowledged, age, stable, growth, isConsumed } = queue;
  const throughput = stable ? published * acknowledged : null;
  yield ['arrivals', published];
  yield ['deliveries', stable ? deliveries : null];
  yield ['throughput', throughput];
  yield ['redelivered', deliveries > 0 ? Math.max(0, 1 - published / deliveries) : null];
  const known = stable && isConsumed;
  yield ['depth', known ? published * mean(age) : isConsumed ? Number.POSITIVE_INFINITY : null];
  if (growth > 0) yield ['growth', growth];
  yield ['mean', known ? mean(age) : isConsumed ? Number.POSITIVE_INFINITY : null];
}

/** Where the figures of a queue are approximations. */
export function queueNotes({ name, published, deliveries }: SolvedQueue): string[] {
  if (!(deliveries > published * (1 + 1e-9))) return [];
  return [
    `${name}: messages that are handed out again are taken to wait anew each time, and what fails to take as long as what succeeds: their age is an approximation.`,
  ];
}
