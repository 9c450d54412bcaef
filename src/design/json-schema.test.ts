import { describe, expect, test } from 'vitest';
import { kinds } from '../components/index.ts';
import { designJsonSchema, type JsonSchema, settingsOf } from './index.ts';

const descriptions = kinds.map((kind) => kind.describe);
const schema = designJsonSchema(descriptions);

const at = (path: string, from: unknown = schema): JsonSchema =>
  path
    .split('/')
    .reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], from) as JsonSchema;

/** Of a list, and of a map by names that a user gives, it is the setting of each. */
const settingAt = (name: string, properties: JsonSchema): JsonSchema | undefined => {
  const [key = '', ...rest] = name.split('.').filter((part) => part !== '*');
  const setting = properties[key] as JsonSchema | undefined;
  if (setting === undefined || rest.length === 0) return setting;
  const each = [setting, setting['items'], setting['additionalProperties']] as (JsonSchema | undefined)[];
  const inner = each.map((schemaOf) => schemaOf?.['properties']).find((found) => found !== undefined);
  return inner === undefined ? undefined : settingAt(rest.join('.'), inner as JsonSchema);
};

const branches = at('properties/components/additionalProperties')['oneOf'] as readonly JsonSchema[];
const branchOf = (kind: string) =>
  branches.find((branch) => at('properties/kind', branch)['const'] === kind)!;

describe('the JSON Schema of a design', () => {
  test('is of the 2020-12 draft, has a name, and survives JSON', () => {
    expect(schema['$schema']).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(schema['$id']).toBe('urn:tenfold:design');
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
  });

  test('requires what a design must say and allows nothing unknown', () => {
    expect(schema['required']).toEqual(['name', 'traffic', 'components']);
    expect(schema['additionalProperties']).toBe(false);
    expect(at('properties/traffic/additionalProperties')['required']).toEqual(['call']);
  });

  test('has one branch for each kind, with its settings', () => {
    expect(branches).toHaveLength(descriptions.length);
    for (const kind of descriptions) {
      const properties = at('properties', branchOf(kind.name));
      for (const { name } of settingsOf(kind)) {
        expect(settingAt(name, properties), `${kind.name} ${name}`).toBeDefined();
      }
      expect('operations' in properties).toBe(
        kind.operations.from === 'design' || kind.operations.from === 'list',
      );
    }
  });

  test('describes every key, with its default', () => {
    const bare: string[] = [];
    const walk = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return;
      for (const [key, value] of Object.entries(node)) {
        if (key === 'properties') {
          for (const [name, property] of Object.entries(value as Record<string, JsonSchema>)) {
            const { description, $ref } = property as { description?: unknown; $ref?: unknown };
            if (description === undefined && $ref === undefined) bare.push(`${path}/${name}`);
          }
        }
        walk(value, `${path}/${key}`);
      }
    };
    walk(schema, '');
    expect(bare).toEqual([]);
    expect(at('properties/instances', branchOf('service'))).toMatchObject({
      default: 1,
      description: 'Instances, equal but for their speeds. Takes a whole number from 1 to 100k. Default: 1.',
    });
    expect(at('properties/connections', branchOf('database'))['description']).toContain('db.connections');
  });

  test('knows steps inside of steps', () => {
    const steps = at('properties/operations/additionalProperties', branchOf('service'));
    expect(steps).toEqual({ $ref: '#/$defs/steps' });
    expect(at('$defs/steps')['items']).toEqual({ $ref: '#/$defs/step' });
    expect(JSON.stringify(at('$defs/step'))).toContain('#/$defs/steps');
  });

  test('keeps the words of the library that made it to itself', () => {
    expect(JSON.stringify(schema)).not.toMatch(/"(expected|constant|omitted)":/);
  });
});
