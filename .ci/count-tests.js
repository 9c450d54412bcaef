/**
 * Prints "PASSED FAILED" from a Vitest JSON report: `node .ci/count-tests.js REPORT EXIT_STATUS`.
 * A file that could not run at all counts as one failure, and so does a run that ended badly without naming a
 * failed test (a crash, a time limit, an unhandled error).
 */
import { readFileSync } from 'node:fs';

const [reportPath, exitStatus] = process.argv.slice(2);

function count() {
  try {
    const report = JSON.parse(readFileSync(reportPath, 'utf8'));
    const brokenFiles = report.testResults.filter(
      (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
    ).length;
    return { passed: report.numPassedTests, failed: report.numFailedTests + brokenFiles };
  } catch {
    return { passed: 0, failed: 0 };
  }
}

const { passed, failed } = count();
console.log(`${passed} ${failed === 0 && (exitStatus !== '0' || passed === 0) ? 1 : failed}`);
