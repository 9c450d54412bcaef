import { loadDesign, type Plan } from '../design/index.ts';
import { kinds } from './index.ts';

/** The plan of a design in YAML, of the kinds there are; an error with its problems where it is faulty. */
export function planOf(design: string): Plan {
  const descriptions = kinds.map(({ describe: description }) => description);
  const { plan, diagnostics } = loadDesign(design, { file: 'test.yaml', kinds: descriptions });
  if (plan === null) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return plan;
}
