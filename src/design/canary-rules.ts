import type { Path } from './path.ts';
import { canaryInstances } from './plan-canary.ts';
import { planDeploy } from './plan-deploy.ts';
import type { Problems } from './problems.ts';
import type { ParsedDeploy, ParsedScenario } from './scenario.ts';

/** Reports a canary that contradicts the rest of its scenario, or decides nothing. */
export function checkCanary(
  deploy: { readonly at: number } & ParsedDeploy,
  path: Path,
  { scenario, lasts }: { readonly scenario: ParsedScenario; readonly lasts: number },
  instances: number,
  problems: Problems,
): void {
  const { canary } = deploy;
  if (canary === undefined) return;
  const refuse = (place: Path, message: string, hint: string) =>
    problems.report({ code: 'conflicting-keys', path: place, at: 'key', message, hint });
  const idle = (key: string, message: string) =>
    problems.report({ code: 'idle-knob', path: [...path, 'canary', key], at: 'key', message });
  if (deploy.for !== undefined) {
    const message = '`canary` and `for` both say when the version is rolled back';
    refuse([...path, 'for'], message, 'leave `for` out: what the canary shows decides');
  }
  const others = (scenario.faults ?? []).filter(
    (fault) => 'deploy' in fault && fault.deploy === deploy.deploy,
  );
  if (others.length > 1) {
    const message = `\`${deploy.deploy}\` is deployed ${others.length} times in this scenario, once with a canary`;
    refuse([...path, 'canary'], message, 'write a scenario for each of them');
  }
  if (canaryInstances(canary.share, instances) === instances) {
    const all = instances === 1 ? 'there is one instance' : `that is all of the ${instances} instances`;
    idle('share', `${all}, so that none is left for later`);
  }
  if (planDeploy(deploy, 0, instances).deploy.canary!.judged >= lasts) {
    idle('watch', 'the scenario is over before the canary is judged');
  }
  // No share of requests is larger than all of them.
  if (canary['abort-above'] === 1) idle('abort-above', 'no version fails more than all requests');
}
