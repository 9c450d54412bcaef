/** Cases of one run, in the form that CI systems read: the XML that JUnit's Ant task writes. */
export interface JunitSuite {
  readonly name: string;
  readonly cases: readonly JunitCase[];
}

export interface JunitCase {
  readonly name: string;
  /** Why it did not pass; null where it did. */
  readonly failure: { readonly type: string; readonly message: string; readonly text: string } | null;
}

/** Writes suites as JUnit's XML; equal suites give equal bytes. */
export function toJunit(name: string, suites: readonly JunitSuite[]): string {
  const all = suites.flatMap(({ cases }) => cases);
  const lines = suites.flatMap((suite) => [
    `  <testsuite name="${escaped(suite.name)}" ${counts(suite.cases)}>`,
    ...suite.cases.flatMap((each) => caseLines(suite.name, each)),
    '  </testsuite>',
  ]);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${escaped(name)}" ${counts(all)}>`,
    ...lines,
    '</testsuites>',
    '',
  ].join('\n');
}

function counts(cases: readonly JunitCase[]): string {
  return `tests="${cases.length}" failures="${cases.filter(({ failure }) => failure !== null).length}"`;
}

function caseLines(suite: string, { name, failure }: JunitCase): string[] {
  const open = `    <testcase classname="${escaped(suite)}" name="${escaped(name)}"`;
  if (failure === null) return [`${open}/>`];
  const { type, message, text } = failure;
  return [
    `${open}>`,
    `      <failure type="${escaped(type)}" message="${escaped(message)}">${escaped(text)}</failure>`,
    '    </testcase>',
  ];
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text for an attribute or an element; what XML cannot hold at all is left out. */
function escaped(text: string): string {
  const allowed = [...text].filter((each) => each >= ' ' || each === '\n' || each === '\t').join('');
  return allowed.replace(/[&<>"]/g, (each) => ENTITIES[each]!);
}
