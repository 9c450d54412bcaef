import { calleesOf } from '../../design/callees.ts';
import type { Plan, PlanComponent, PlanOperation, PlanTraffic } from '../../design/plan.ts';
import { mean, scaleDistribution } from '../../quantities/index.ts';
import type { FaultTable } from '../faults/fault-table.ts';
import type { Killed, SimulatedKind } from '../kind.ts';
import type { CancelTable, Model, SpanSpec, TrafficSpec } from '../model.ts';
import type { StationGroup } from '../stations/station-group.ts';
import { TracedEmitter } from '../tracing/traced-emitter.ts';
import { Assembly, type OperationRates } from './assembly.ts';
import { emitDue, emitTold } from './deadline-emission.ts';
import { Emitter } from './emitter.ts';
import * as op from './instructions.ts';
import { emitCounter } from './once-emission.ts';

/**
 * Compiles a plan into the engine's model.
 *
 * @param kinds what each kind named in the plan offers to the simulator, by name
 * @param rates expected calls per second of each operation, for the age of warm caches
 * @param traced whether the code says where the spans of a trace begin and end
 * @throws RangeError when the plan names a kind that is not among `kinds`
 */
export function compile(
  plan: Plan,
  kinds: ReadonlyMap<string, SimulatedKind>,
  rates: OperationRates,
  traced = false,
): Model {
  const kindOf = ({ kind: name }: PlanComponent): SimulatedKind => {
    const kind = kinds.get(name);
    if (kind === undefined) throw new RangeError(`no simulation for kind ${name}`);
    return kind;
  };
  const killed = new Map(
    plan.components.flatMap((component) => {
      const how = kindOf(component).killed?.(component) ?? null;
      return how === null ? [] : [[component.index, how] as const];
    }),
  );
  const assembly = new Assembly(plan, rates, killed.keys());
  const components = plan.components.map((component) => kindOf(component).build(component, assembly));
  assembly.introduce(components);
  const code: number[] = [];
  const entries = new Int32Array(plan.operations.length);
  const emitters: Emitter[] = [];
  const spans: SpanSpec[] | null = traced ? [] : null;
  const emitterOf = (purpose: string, owner: number | null): Emitter =>
    spans === null
      ? new Emitter(assembly, code, purpose, owner)
      : new TracedEmitter(assembly, code, purpose, owner, spans);
  for (const operation of calleesFirst(plan)) {
    const component = plan.components[operation.component]!;
    entries[operation.index] = code.length;
    const name = `${component.name}.${operation.name}`;
    const { headers } = operation;
    const emitter = emitterOf(
      headers === undefined ? name : `${name} ${JSON.stringify(headers)}`,
      operation.component,
    );
    emitter.site = name;
    if (assembly.told.has(operation.index)) {
      emitter.isTold = true;
      emitDue(emitter);
    }
    if (assembly.reachesOnce.has(operation.index)) emitCounter(emitter);
    components[operation.component]!.emit(operation, emitter);
    if (emitter.failureLabel.uses.length > 0) assembly.canFail.add(operation.index);
    emitter.place(emitter.failureLabel);
    emitter.return();
    emitters[operation.index] = emitter;
  }
  const trafficEntries = plan.traffic.map((traffic) => {
    const entry = code.length;
    const emitter = emitterOf(traffic.name, null);
    const ask = (): void => emitter.exchange(traffic.operation, undefined, false, { traffic: traffic.index });
    const { timeout } = traffic;
    if (timeout === null) ask();
    else {
      const timed = (): void => {
        if (traffic.deadline) emitTold(emitter, timeout);
        emitter.attempt(ask);
        emitter.emit(op.LATE);
      };
      emitter.within(timeout, timed, traffic.cancel);
    }
    emitter.place(emitter.failureLabel);
    emitter.finishRequest(traffic.index);
    emitter.finish(entries);
    return { entry, emitter };
  });
  for (const emitter of emitters) emitter.finish(entries);
  const nowhere = code.length;
  const cancels = cancelTable(assembly, nowhere);
  const hasFaults = killed.size > 0 || (plan.scenario !== null && plan.scenario.faults.length > 0);
  // Whoever returns here goes on behind it, with nothing of its own left.
  if (hasFaults || cancels !== null) code.push(op.JUMP, nowhere + op.WIDTH, 0, nowhere + op.WIDTH);
  if (hasFaults || cancels !== null) code.push(op.VANISH, 0, 0, 0);
  if (cancels !== null) code.push(op.CANCEL, 0, 0, 0);
  const faults = faultTable(
    assembly,
    killed,
    nowhere,
    calleesFirst(plan).map(({ index, component }) => ({ start: entries[index]!, component })),
    trafficEntries.map(({ entry }) => entry),
  );
  const depthOf = depths(emitters);
  let stackDepth = 0;
  for (const { emitter } of trafficEntries) {
    for (const callee of emitter.callees) {
      stackDepth = Math.max(stackDepth, emitter.activationSize + depthOf(callee));
    }
  }
  const deliveries = plan.operations.filter(({ delivery }) => delivery !== undefined);
  for (const { index } of deliveries) stackDepth = Math.max(stackDepth, depthOf(index));
  return {
    code: Int32Array.from(code),
    stackDepth,
    stationGroups: connectedGroups(assembly),
    balancers: assembly.balancers,
    caches: assembly.caches,
    keySpaces: assembly.keySpaces,
    placements: assembly.placements,
    choices: assembly.choices,
    forks: assembly.forks,
    timers: assembly.timers,
    retries: assembly.retries,
    breakers: assembly.breakers,
    limiters: assembly.limiters,
    concurrencyLimits: assembly.concurrencyLimits,
    throttles: assembly.throttles,
    hedges: assembly.hedges,
    doors: assembly.doors,
    clientLimits: assembly.clientLimits,
    tierLimits: assembly.tierLimits,
    ownRefusals: assembly.ownRefusals,
    flights: assembly.flights,
    fetches: assembly.fetches,
    names: assembly.names,
    nameServers: assembly.nameServers,
    channels: assembly.channels,
    onces: assembly.onces,
    hotItems: assembly.hotItems,
    copies: assembly.copies,
    quorums: assembly.quorums,
    followers: assembly.followers,
    deliveries: new Map(deliveries.map(({ index }) => [index, entries[index]!])),
    routes: assembly.routes,
    traffic: plan.traffic.map((traffic, i) => trafficSpec(traffic, trafficEntries[i]!.entry, assembly)),
    scalers: assembly.scalers,
    pauses: assembly.pauses,
    discoveries: assembly.discoveries,
    samplers: assembly.samplers,
    reasons: assembly.reasons,
    faults,
    ...(plan.places !== undefined && { legs: { legs: assembly.legs, crossings: assembly.crossings } }),
    ...(assembly.connections.sources.length > 0 && { connections: assembly.connections }),
    held: assembly.held,
    cancels,
    deadlines: assembly.told.size === 0 ? null : { budgets: assembly.budgets, reason: assembly.overdue },
    nowhere,
    answers: assembly.answers,
    asksToWait: assembly.asksToWait,
    spans,
  };
}

/** How work is cancelled; null where none is. */
function cancelTable(assembly: Assembly, nowhere: number): CancelTable | null {
  const { latency } = assembly.plan.network;
  if (assembly.cancels.length === 0) return null;
  const marked = (places: readonly number[]): Uint8Array => {
    const marks = new Uint8Array(nowhere / op.WIDTH);
    for (const place of places) marks[place / op.WIDTH] = 1;
    return marks;
  };
  const atOnce = latency.law === 'constant' && latency.value === 0;
  return {
    linked: marked(assembly.linked),
    cancels: marked(assembly.cancels),
    reason: assembly.reason('cancelled'),
    latency: atOnce ? null : assembly.sampler(latency, 'cancellation latency'),
    arrives: nowhere + 2 * op.WIDTH,
  };
}

/** What there is to know of the plan's faults, and the code that they need; null without faults, deaths and health. */
function faultTable(
  assembly: Assembly,
  killed: ReadonlyMap<number, Killed>,
  nowhere: number,
  operations: readonly { readonly start: number; readonly component: number }[],
  traffic: readonly number[],
): FaultTable | null {
  const { scenario, components, places } = assembly.plan;
  const planned = scenario?.faults ?? [];
  const struck = planned.length > 0 || killed.size > 0;
  if (!struck && assembly.balancers.every(({ health }) => health === undefined)) return null;
  const reasons = (what: string): Int32Array =>
    Int32Array.from(components, ({ name }) => assembly.reason(`${name} ${what}`));
  const starts = [
    ...operations,
    ...traffic.map((start) => ({ start, component: -1 })),
    { start: nowhere, component: -1 },
  ].sort((a, b) => a.start - b.start);
  return {
    faults: planned,
    canaries: (scenario?.deploys ?? []).flatMap(({ canary, component }, deploy) =>
      canary === undefined ? [] : [{ ...canary, deploy, first: assembly.firstInstance[component]! }],
    ),
    kills: Array.from(killed, ([component, { restart, backoff }]) => ({
      name: components[component]!.name,
      component,
      instances: assembly.component(component).instances,
      restart,
      backoff,
      reason: assembly.reason(`${components[component]!.name} out of memory`),
    })),
    delays: planned.map((fault, i) =>
      fault.fault === 'link' && fault.delay !== null
        ? assembly.sampler(fault.delay, `delay of fault ${i}`)
        : null,
    ),
    firstInstance: Int32Array.from(assembly.firstInstance),
    instances: Int32Array.from(components, ({ index }) => assembly.component(index).instances),
    zones: components.map(({ index }) => places?.components[index] ?? []),
    parted: assembly.faultSites.parted,
    refused: reasons('down'),
    died: reasons('crashed'),
    erred: Int32Array.from(components, ({ name }) => assembly.answer(`${name} errors`)),
    unreachable: assembly.reason('unreachable'),
    giveUp: scenario?.giveUp ?? 0,
    retransmit: scenario?.retransmit ?? 0,
    codeStarts: Int32Array.from(starts, ({ start }) => start),
    codeOwners: Int32Array.from(starts, ({ component }) => component),
  };
}

/** Operations in such an order that each comes after all it calls; calls form no cycle. */
function calleesFirst(plan: Plan): PlanOperation[] {
  const order = new Set<PlanOperation>();
  const waiting = plan.operations.toReversed();
  while (waiting.length > 0) {
    const operation = waiting[waiting.length - 1]!;
    const missing = calleesOf(operation)
      .map((index) => plan.operations[index]!)
      .filter((callee) => !order.has(callee));
    if (missing.length > 0) waiting.push(...missing);
    else order.add(waiting.pop()!);
  }
  return [...order];
}

/** Locals needed by an operation and its deepest chain of callees; calls form no cycle. */
function depths(emitters: readonly Emitter[]): (operation: number) => number {
  const known = new Map<number, number>();
  const depthOf = (operation: number): number => {
    let depth = known.get(operation);
    if (depth === undefined) {
      const emitter = emitters[operation]!;
      depth = emitter.activationSize + Math.max(0, ...emitter.callees.map(depthOf));
      known.set(operation, depth);
    }
    return depth;
  };
  return depthOf;
}

function trafficSpec(traffic: PlanTraffic, entry: number, assembly: Assembly): TrafficSpec {
  const key = traffic.key;
  const keySpace =
    key === null || key.from === 'request' || key.from === 'last' ? null : key.from === 'new' ? -1 : key.data;
  return {
    name: traffic.name,
    entry,
    priority: traffic.priority,
    keySpace,
    hottest: traffic.hottest,
    arrivals: arrivals(traffic, assembly),
  };
}

function arrivals(traffic: PlanTraffic, assembly: Assembly): TrafficSpec['arrivals'] {
  const plan = traffic.arrivals;
  if (plan.type === 'closed') {
    return {
      type: 'closed',
      users: plan.users,
      think: assembly.sampler(plan.think, `${traffic.name} think`),
      meanThink: mean(plan.think),
    };
  }
  const rate = plan.rate.value * plan.peak;
  const batch = mean(plan.batch);
  const gap = batch / rate;
  const law =
    plan.process === 'poisson'
      ? ({ law: 'exponential', mean: gap } as const)
      : plan.process === 'constant'
        ? ({ law: 'constant', value: gap } as const)
        : scaleDistribution(plan.process, gap / mean(plan.process));
  const single = plan.batch.law === 'constant' && plan.batch.value === 1;
  return {
    type: 'open',
    gap: assembly.sampler(law, `${traffic.name} arrivals`),
    batch: single ? null : assembly.sampler(plan.batch, `${traffic.name} batches`),
    rate,
    shape: plan.shape,
  };
}

/** The stations, with those marked whose instances are as busy as the connections that go to them. */
function connectedGroups({ stationGroups, balancers }: Assembly): readonly StationGroup[] {
  const behind = new Set(balancers.flatMap(({ perConnection }) => perConnection ?? []));
  return stationGroups.map((group) =>
    behind.has(group.component) && group.instances > 1 ? { ...group, connected: true } : group,
  );
}
