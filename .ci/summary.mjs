// Adds up the test runner's own reports and ends with the line that CI reads.
import { existsSync, readdirSync, readFileSync } from 'node:fs';

const folder = 'reports';
const reports = existsSync(folder)
  ? readdirSync(folder).filter((name) => name.endsWith('-results.json'))
  : [];
let passed = 0;
let failed = 0;
let skipped = 0;
for (const name of reports) {
  const report = JSON.parse(readFileSync(`${folder}/${name}`, 'utf8'));
  passed += report.numPassedTests;
  failed += report.numFailedTests;
  skipped += report.numPendingTests;
  // A file that could not even be loaded counts no test; it has failed all the same.
  failed += report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length;
}
const otherFailure = process.argv[2] !== '0' && failed === 0 ? 1 : 0;
const rest = skipped > 0 ? `, ${skipped} skipped` : '';
console.log(`${passed} passed, ${failed + otherFailure} failed${rest}`);
process.exit(passed > 0 && failed + otherFailure === 0 ? 0 : 1);
