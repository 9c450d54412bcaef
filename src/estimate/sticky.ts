import type { Stream } from './flows.ts';
import type { KeySpace } from './keys.ts';

/**
 * Share of requests that find the key they are about remembered, where one is forgotten after a time without any: a
 * key that is asked for at rate λ, 1 − e^(−λ·time). Poisson arrivals; room for all keys.
 *
 * @param time seconds
 */
export function rememberedShare(streams: readonly Stream[], keySpace: KeySpace, time: number): number {
  const byData = new Map<number, Float64Array>();
  let all = 0;
  for (const { keys, rate } of streams) {
    all += rate;
    if (keys.keys !== 'drawn') continue;
    const rates = byData.get(keys.data) ?? new Float64Array(keys.shares.length);
    keys.shares.forEach((share, k) => {
      rates[k]! += rate * share;
    });
    byData.set(keys.data, rates);
  }
  let remembered = 0;
  for (const [data, rates] of byData) {
    const { keys } = keySpace.classes(data);
    rates.forEach((rate, k) => {
      remembered -= rate * Math.expm1((-rate / keys[k]!) * time);
    });
  }
  return all > 0 ? remembered / all : 0;
}
