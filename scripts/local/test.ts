/** `npm test`: runs every test and ends with their number. Arguments go to vitest, to choose files or names. */
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './cloud-folder.ts';
import { readJson } from './private-file.ts';
import { addCounts, countTests, type TestCount } from './test-count.ts';

const suites = [
  { name: 'unit', projects: ['unit', 'entries', 'architecture', 'opencode'], options: ['--coverage'] },
  { name: 'e2e', projects: ['e2e'], options: [] },
] as const;

const results = join(projectRoot, '.local/test-results');
const chosen = process.argv.slice(2);

/** The user's environment without the user's cloud. */
const environment = (): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(AWS|CDK|IORCH)_/.test(name))),
  PATH: `${join(projectRoot, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`,
  FUZZ_REQUESTS: '10000',
});

const run = ({ name, projects, options }: (typeof suites)[number]): Promise<TestCount> => {
  const report = join(results, `${name}.json`);
  rmSync(report, { force: true });
  const child = spawn(
    process.execPath,
    [
      join(projectRoot, 'node_modules/vitest/vitest.mjs'),
      'run',
      ...projects.flatMap((project) => ['--project', project]),
      ...['--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
      // some of the tests say nothing about what all of them reach
      ...(chosen.length > 0 ? ['--passWithNoTests', ...chosen] : options),
    ],
    { cwd: projectRoot, env: environment(), stdio: 'inherit' },
  );
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) =>
      resolve(
        countTests(
          readJson(report, (value) => value),
          code ?? 1,
        ),
      ),
    );
  });
};

// the terminal's interrupt reaches vitest too, which takes its local cloud down
process.on('SIGINT', () => undefined);
mkdirSync(results, { recursive: true, mode: 0o700 });
const counts: TestCount[] = [];
for (const suite of suites) counts.push(await run(suite));
const { passed, failed } = addCounts(counts);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
console.log(`\n${passed} passed, ${failed} failed`);
