import { createRandom } from '../../kernel/index.ts';
import { type BalanceAlgorithm, type BalancerOptions, createBalancer } from './index.ts';

const BATCHES = 20;

/**
 * Mean times in system, of batches, of n exponential servers of rate 1, first come first served, fed by Poisson
 * arrivals of rate n·load through a balancer. The jump chain of the queue lengths with expected holding times;
 * the time follows from the mean number by Little's law.
 *
 * @param jumps arrivals and departures of all batches together
 */
export function timesInSystem(
  algorithm: BalanceAlgorithm,
  servers: number,
  load: number,
  jumps: number,
  options: BalancerOptions = {},
): number[] {
  const balancer = createBalancer(algorithm, servers, options);
  const picks = createRandom(2, 'picks');
  const jumpsDrawn = createRandom(2, 'jumps');
  const queue = balancer.inFlight;
  const busy: number[] = [];
  const batches: number[] = [];
  let present = 0;
  const arrivalRate = servers * load;
  for (let batch = -2; batch < BATCHES; batch++) {
    let area = 0;
    let time = 0;
    for (let jump = 0; jump < jumps / BATCHES; jump++) {
      const rate = arrivalRate + busy.length;
      area += present / rate;
      time += 1 / rate;
      const draw = jumpsDrawn.next() * rate;
      if (draw < arrivalRate) {
        const target = balancer.pick(picks, 0, 0);
        if (queue[target] === 0) busy.push(target);
        balancer.started(target, 0);
        present++;
      } else {
        const at = Math.floor(draw - arrivalRate);
        const target = busy[at]!;
        balancer.finished(target, 0, 0, true);
        if (queue[target] === 0) {
          busy[at] = busy[busy.length - 1]!;
          busy.pop();
        }
        present--;
      }
    }
    // The first two batches fill the empty system.
    if (batch >= 0) batches.push(area / time / arrivalRate);
  }
  return batches;
}
