import * as z from 'zod';
import type { KindDescription } from './kind.ts';

/** One setting of a kind, for the docs. */
export interface SettingAccount {
  /** From the component down, e.g. `read.cpu`. */
  readonly name: string;
  readonly is: string;
  /** What may be written, as a noun phrase. */
  readonly takes: string;
  /** Whether every component of the kind has to have it. */
  readonly required: boolean;
  /** What stands for it when it is left out, as a user would write it; null where nothing does. */
  readonly default: string | null;
  /** Name of the constant that the default is taken from; null where it is none. */
  readonly constant: string | null;
}

/** The settings of a kind in the order of its description; those of a part carry its name in front. */
export function settingsOf(kind: KindDescription): SettingAccount[] {
  return accountsOf(kind.settings, '', true);
}

function accountsOf(object: z.ZodObject, prefix: string, always: boolean): SettingAccount[] {
  return Object.entries(object.shape).flatMap(([key, schema]) => {
    const required = always && !(schema instanceof z.ZodOptional);
    const inner = schema instanceof z.ZodOptional ? schema.unwrap() : schema;
    const name = `${prefix}${key}`;
    if (inner instanceof z.ZodObject) return accountsOf(inner, `${name}.`, required);
    if (inner instanceof z.ZodRecord && inner.valueType instanceof z.ZodObject) {
      // A map by names that the user gives stands for each of what it holds.
      return accountsOf(inner.valueType, `${name}.*.`, required).map((account) => ({
        ...account,
        default: null,
      }));
    }
    if (inner instanceof z.ZodArray && inner.element instanceof z.ZodObject) {
      // Of a list of maps, what stands for a setting is that of each of them.
      const accounts = accountsOf(inner.element, `${name}.`, required);
      return accounts.map((account) => ({ ...account, default: null }));
    }
    return [{ name, required, ...accountOf(inner as z.ZodType) }];
  });
}

function accountOf(schema: z.ZodType): Omit<SettingAccount, 'name' | 'required'> {
  const meta = schema.meta() ?? {};
  const { description = '', expected, constant, omitted } = meta;
  return {
    is: description,
    takes: typeof expected === 'string' ? expected : '',
    default: typeof omitted === 'string' || typeof omitted === 'number' ? String(omitted) : null,
    constant: typeof constant === 'string' ? constant : null,
  };
}
