import { describe, expect, it } from 'vitest';
import { nearestName } from './nearest-name.ts';

describe('nearestName', () => {
  it.each([
    ['reids', 'redis'],
    ['Postgres', 'postgres'],
    ['postgress', 'postgres'],
    ['cahce', 'cache'],
    ['exponental', 'exponential'],
    ['suces', 'success'],
    ['expo', 'exponential'],
    ['ex', null],
    ['median', null],
    ['xyz', null],
    ['', null],
    ['x'.repeat(1000), null],
  ])('%s: %s', (name, expected) => {
    const known = ['redis', 'postgres', 'cache', 'exponential', 'mean', 'success', 'y'.repeat(1000)];
    expect(nearestName(name, known)).toBe(expected);
  });
});
