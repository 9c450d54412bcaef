import {
  endsOf,
  findConstant,
  type InputNumber,
  movedBy,
  type Plan,
  type PlanConstant,
  type Replan,
  type Revise,
} from '../../design/index.ts';
import { printNumber } from '../../quantities/index.ts';
import { type Figure, themeOf, valueText } from '../../report/index.ts';

/** A design as it was loaded, with what it takes to load it otherwise. */
export interface ExplainedDesign {
  readonly plan: Plan;
  readonly inputs: readonly InputNumber[];
  /** null where only the plan is known: then nothing of it can be moved. */
  readonly revise: Revise | null;
  readonly replan: Replan | null;
}

/** An input that can be moved. */
export interface Move {
  readonly name: string;
  readonly what: 'input' | 'constant';
  readonly from: string;
  /** Of a constant. */
  readonly source: string | null;
  /** Down, then up, as far as the design can be with it and is another one then. */
  readonly ends: readonly MovedTo[];
}

export interface MovedTo {
  readonly to: string;
  /** What it was multiplied by; null where it says its own range. */
  readonly times: number | null;
  readonly plan: Plan;
}

/** By how much an input is moved that does not say its own range. */
export const STEP = 0.2;

/**
 * What of a design can be moved: the numbers that it says, down and up by {@link STEP}, or to the ends of the range that
 * it says for them; and the constants that it took from the registry, to the ends of their documented ranges.
 */
export function movesOf(design: ExplainedDesign): Move[] {
  const same = textOf(design.plan);
  const distinct = (ends: readonly (MovedTo | null)[]): MovedTo[] =>
    ends.filter((end): end is MovedTo => end !== null && textOf(end.plan) !== same);
  const { revise, replan, inputs, plan } = design;
  const numbers =
    revise === null
      ? []
      : inputs.map(({ name, path, value }): Move => {
          const ends = isUncertain(path) ? endsOf(value) : null;
          const planned = (to: string | number): Plan | null => revise(path, to);
          const tried =
            ends === null
              ? [1 - STEP, 1 + STEP].map((times) => firstOf(movedBy(value, times), times, planned))
              : ends.map((end) => firstOf([end], null, planned));
          return { name, what: 'input', from: String(value), source: null, ends: distinct(tried) };
        });
  const constants =
    replan === null
      ? []
      : plan.constants
          .filter(({ low, high, source }) => low !== high && source !== OVERRIDDEN)
          .map((constant): Move => {
            const { name, value, low, high, source } = constant;
            const ends = [low, high].map((end) => {
              const other = replan(new Map([[name, end]]));
              return other === null ? null : { to: constantText(constant, end), times: null, plan: other };
            });
            return {
              name,
              what: 'constant',
              from: constantText(constant, value),
              source,
              ends: distinct(ends),
            };
          });
  return [...numbers, ...constants].filter(({ ends }) => ends.length > 0);
}

/** What the plan says of a constant that the design sets. */
const OVERRIDDEN = 'the design';

/** The first of some values with which the design can be. */
function firstOf(
  candidates: readonly (string | number)[],
  times: number | null,
  planned: (to: string | number) => Plan | null,
): MovedTo | null {
  for (const to of candidates) {
    const plan = planned(to);
    if (plan !== null) return { to: String(to), times, plan };
  }
  return null;
}

/** Whether a range at this place says what is not known, and not that it varies from request to request. */
function isUncertain(path: InputNumber['path']): boolean {
  const [section, , setting] = path;
  return (
    section === 'constants' ||
    (section === 'traffic' && setting === 'rate') ||
    (section === 'data' && (setting === 'count' || setting === 'size'))
  );
}

/** A plan but for where its numbers come from. */
const textOf = (plan: Plan): string => JSON.stringify({ ...plan, constants: [], decisions: [] });

/** As a report writes it, where it has the unit of a figure. */
function constantText({ name, unit }: PlanConstant, value: number): string {
  return isUnit(unit)
    ? valueText(value, unit, themeOf({ unicode: true }))
    : printNumber(value, findConstant(name)!.dimension);
}

const UNITS: readonly Figure['unit'][] = ['s', '1/s', '1', 'B', 'B/s', '$', '$/s'];
const isUnit = (unit: string): unit is Figure['unit'] => UNITS.some((each) => each === unit);
