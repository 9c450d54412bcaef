import { hashInteger } from '../../blocks/index.ts';
import type { Calendar, RandomStream, Sampler } from '../../kernel/index.ts';
import type { Controls } from '../controls.ts';
import type { Equipment } from '../equipment.ts';
import type * as field from '../frames.ts';
import type { Frames } from '../frames.ts';
import { LocalTime } from '../local-time.ts';
import type { HealthSpec, Model } from '../model.ts';
import { NEW_KEY } from '../new-key.ts';
import type * as op from '../program/instructions.ts';
import { BAD_ANSWER, DeepProbes, type Probed } from './deep-probes.ts';
import { Discovery, DRAINED } from './discovery.ts';
import type { HealthyBalancer } from './healthy-balancer.ts';

const STATUS = 2 satisfies typeof field.STATUS;
const KEY = 4 satisfies typeof field.KEY;
const FIELDS = 16 satisfies typeof field.FIELDS;
const WIDTH = 4 satisfies typeof op.WIDTH;

interface Prober {
  readonly balancer: HealthyBalancer;
  readonly spec: HealthSpec;
  readonly probes: NonNullable<HealthSpec['probes']>;
  readonly latency: Sampler | null;
  /** null where an instance answers for itself alone. */
  readonly deep: DeepProbes | null;
  readonly random: RandomStream;
  /** Number of the first of its events: of each target, that it is probed, and what came of it. */
  readonly first: number;
  /** By target, 1 where the probe under way will have come out well. */
  readonly verdicts: Uint8Array;
}

/**
 * Balancers that look at health: sends their probes, tells them who is taken out of use, and lets them choose. What
 * follows from that is theirs to decide.
 */
export class HealthChecks {
  private readonly model: Model;
  private readonly equipment: Equipment;
  private readonly frames: Frames;
  private readonly calendar: Calendar;
  private readonly controls: Controls;
  private readonly probed: Probed;
  private readonly probers: readonly Prober[];
  readonly discovery: Discovery;
  private readonly localTime = new LocalTime();
  private newKeys = 0;

  constructor(
    model: Model,
    equipment: Equipment,
    frames: Frames,
    calendar: Calendar,
    controls: Controls,
    probed: Probed,
  ) {
    this.model = model;
    this.equipment = equipment;
    this.frames = frames;
    this.calendar = calendar;
    this.controls = controls;
    this.probed = probed;
    this.discovery = new Discovery(model, equipment, calendar, controls);
    this.probers = model.balancers.flatMap(({ health, targets, purpose }, b) => {
      const probes = health?.probes ?? null;
      if (health === undefined || probes === null) return [];
      const prober: Prober = {
        balancer: equipment.balancers[b] as HealthyBalancer,
        spec: health,
        probes,
        latency: probes.latency === null ? null : equipment.samplers[probes.latency]!,
        deep:
          probes.deep === undefined
            ? null
            : new DeepProbes(
                probes.deep.dependencies,
                model.quorums,
                model.followers,
                equipment.samplers[probes.deep.latency]!,
                probed,
              ),
        random: equipment.stream(`${purpose} probes`),
        first: controls.reserve(2 * targets, (number) => this.due(prober, number)),
        verdicts: new Uint8Array(targets),
      };
      return [prober];
    });
  }

  /** Targets are probed from `start` on, each at moments of its own. */
  schedule(start: number): void {
    for (const { balancer, probes, random, first } of this.probers) {
      for (let target = 0; target < balancer.targets; target++) {
        this.controls.at(start + random.next() * probes.every, first + 2 * target);
      }
    }
  }

  /** An instance of a component is taken out of use, or back into it. */
  drain(component: number, instance: number, drained: boolean): void {
    if (this.discovery.tell(component, instance, DRAINED, drained)) return;
    this.model.balancers.forEach(({ health }, b) => {
      if (health?.of !== component) return;
      const balancer = this.equipment.balancers[b] as HealthyBalancer;
      balancer.drain(instance, drained, this.calendar.now[0]!);
    });
  }

  /**
   * PICK_WELL.
   * @returns where the frame goes on
   */
  pick(frame: number, pc: number, fp: number): number {
    const { code, balancers } = this.model;
    const { ints, stack } = this.frames;
    const b = code[pc + 1]!;
    const slot = fp + code[pc + 2]!;
    const { byKey, byLatency, health } = balancers[b]!;
    const now = this.calendar.now[0]!;
    const balancer = this.equipment.balancers[b]!;
    const key = byKey ? this.hashOf(ints[frame * FIELDS + KEY]!) : 0;
    const target = balancer.pick(this.equipment.balancerStreams[b]!, now, key);
    if (target < 0) {
      ints[frame * FIELDS + STATUS] = health!.nobody;
      return code[pc + 3]!;
    }
    balancer.started(target, now);
    stack[slot] = target;
    if (byLatency) this.localTime.put(stack, slot + 1, now);
    return pc + WIDTH;
  }

  /** A target is probed, or what came of it is known. */
  private due(prober: Prober, number: number): void {
    const target = number >> 1;
    const now = this.calendar.now[0]!;
    if ((number & 1) === 0) this.send(prober, target, now);
    else prober.balancer.health.probed(target, prober.verdicts[target] === 1, now);
  }

  private send(
    { spec, probes, latency, deep, random, first, verdicts }: Prober,
    target: number,
    now: number,
  ): void {
    let late = this.probed.ask(spec.from, spec.of, target, random);
    if (late !== BAD_ANSWER && deep !== null) late = deep.answer(spec.of, target, late, random);
    const way = latency === null ? 0 : latency.draw() + latency.draw();
    const answered = (late === BAD_ANSWER ? 0 : late) + way;
    verdicts[target] = late !== BAD_ANSWER && answered <= probes.timeout ? 1 : 0;
    // The verdict comes before the next probe even where both are at one instant.
    this.controls.at(now + Math.min(answered, probes.timeout), first + 2 * target + 1);
    this.controls.at(now + probes.every, first + 2 * target);
  }

  /** A hash of a key; keys never used before are all different. */
  private hashOf(key: number): number {
    return hashInteger(key === NEW_KEY ? -1 - this.newKeys++ : key);
  }
}
