import { mean, mixture, sum } from './law/index.ts';
import type { Response } from './outgoing.ts';

/** One after the other, as long as each succeeds. */
export function inOrder(parts: readonly Response[]): Response {
  const law = sum(...parts.map((part) => part.law));
  const success = parts.reduce((product, part) => product * part.success, 1);
  if (success === 1) return { law, success };
  let reached = 1;
  let before = 0;
  let failing = 0;
  for (const part of parts) {
    failing += reached * (1 - part.success) * (before + (part.failing ?? 0));
    reached *= part.success;
    if (part.law.law !== 'kth' && Number.isFinite(mean(part.law))) before += mean(part.law);
  }
  return { law, success, failing: failing / (1 - success) };
}

/** One of them, each with its chance; what is left of the chances fails. */
export function oneOf(
  cases: readonly { readonly probability: number; readonly response: Response }[],
): Response {
  const weighted = cases.map(({ probability, response }) => ({
    weight: probability * response.success,
    of: response.law,
  }));
  return { law: mixture(weighted), success: weighted.reduce((total, { weight }) => total + weight, 0) };
}
