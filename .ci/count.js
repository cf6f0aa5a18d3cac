// Adds up the suites' reports: node count.js FOLDER [FAILED-STEP …]. Its last line is `N passed, N failed, N skipped`.

import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';

const [folder, ...failedSteps] = process.argv.slice(2);
const total = { passed: 0, failed: 0, skipped: 0 };
const counted = new Set();
const failures = [];

for (const file of readdirSync(folder).sort()) {
  const name = basename(file, '.json');
  const report = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  const passed = report.numPassedTests;
  const failed = report.numFailedTests;
  const skipped = report.numTotalTests - passed - failed;
  // A suite that could not even be loaded has no test of its own to fail.
  const broken = report.numFailedTestSuites > 0 && failed === 0 ? 1 : 0;
  console.log(`${name}: ${passed} passed, ${failed + broken} failed, ${skipped} skipped`);
  total.passed += passed;
  total.failed += failed + broken;
  total.skipped += skipped;
  if (failed + broken > 0) counted.add(name);
  failures.push(...failuresOf(report));
}
for (const step of failedSteps.filter((name) => !counted.has(name))) {
  console.log(`${step}: failed`);
  total.failed++;
}
for (const failure of failures) console.log(failure);
process.exitCode = total.failed > 0 ? 1 : 0;
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);

/** Each failed test with its file and the beginning of what it said, so that the end of a long output tells what is wrong. */
function failuresOf({ testResults }) {
  return testResults.flatMap(({ name: file, status: suite, assertionResults, message }) => {
    const place = relative(process.cwd(), file);
    const failed = assertionResults.filter(({ status }) => status === 'failed');
    if (failed.length === 0 && message) return [`FAILED ${place}\n  ${beginning(message)}`];
    // The report has no word of a hook that failed, but for the tests that did not run for it.
    if (failed.length === 0 && suite === 'failed') {
      const left = assertionResults.filter(({ status }) => status !== 'passed').map(({ fullName }) => fullName);
      return [`FAILED ${place}: a hook, before or after:\n  ${left.join('\n  ')}`];
    }
    return failed.map(
      ({ fullName, failureMessages }) => `FAILED ${place}: ${fullName}\n  ${beginning(failureMessages.join('\n'))}`,
    );
  });
}

function beginning(text) {
  return text.split('\n').slice(0, 12).join('\n  ');
}
