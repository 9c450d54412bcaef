import { showValue } from './field.ts';
import { entriesOf, type Outline, visitSteps } from './outline.ts';
import { isMap, type Path } from './path.ts';
import { isName } from './plain-name.ts';
import type { Problems } from './problems.ts';

/** Words that `key:` gives a meaning of its own. */
const keyWords: ReadonlySet<string> = new Set(['request', 'none', 'new']);

/** Reports names that could not be referred to: a dot parts component and operation, a space parts words. */
export function checkNames(
  design: Readonly<Record<string, unknown>>,
  outline: Outline,
  problems: Problems,
): void {
  const check = (map: unknown, path: Path) => {
    for (const [name] of entriesOf(map)) checkName(name, [...path, name], problems);
  };
  for (const section of ['data', 'traffic', 'components', 'scenarios']) check(design[section], [section]);
  for (const name of outline.data) {
    if (!keyWords.has(name)) continue;
    problems.report({
      code: 'bad-name',
      path: ['data', name],
      at: 'key',
      message: `data cannot be called \`${name}\`: \`key: ${name}\` means something else`,
      expected: 'another name',
    });
  }
  for (const component of outline.components.values()) {
    const path: Path = ['components', component.name, 'operations'];
    check(component.settings['operations'], path);
    for (const [operation, steps] of component.written) {
      visitSteps(steps, [...path, operation], (step, stepPath) => {
        if (isMap(step['journey'])) check(step['journey'], [...stepPath, 'journey']);
      });
    }
  }
}

function checkName(name: string, path: Path, problems: Problems): void {
  if (isName(name)) return;
  const mended = name
    .trim()
    .replace(/[^\p{L}\p{N}_-]+/gu, '-')
    .replace(/^[^\p{L}_]+|-+$/gu, '');
  problems.report({
    code: 'bad-name',
    path,
    at: 'key',
    message: `\`${showValue(name)}\` cannot be referred to`,
    expected: 'a letter, then letters, digits, - and _, at most 64 in all',
    hint: isName(mended) ? `write ${mended}` : null,
  });
}
