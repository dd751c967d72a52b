// Begins sessions of the demo model whose work passes its check and resembles no other: enough to make a dataset of.
//   node examples/good-sessions.mjs 32
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';

const FEWEST = 1;
const MOST = 200;
const WORDS = 12;

const count = Number(process.argv[2] ?? 32);
if (!Number.isInteger(count) || count < FEWEST || count > MOST) {
  process.stderr.write(`say how many sessions, ${FEWEST} to ${MOST}: node examples/good-sessions.mjs 32\n`);
  process.exit(2);
}

const cli = fileURLToPath(new URL('../apps/cli/bin/iorch.mjs', import.meta.url));
const repository = fileURLToPath(new URL('../.local/sample-repository', import.meta.url));

/** Random words, because work that is nearly the same as another's is learned from only once. */
const promptOf = (name) => {
  const words = Array.from({ length: WORDS }, () => `w${randomBytes(4).toString('hex')}`);
  const lines = words.map((word) => `export const ${word} = '${word}';`).join('\\n');
  const steps = [`write src/${name}.js | ${lines}\\n`, `say Added ${name} with ${words.join(', ')}.`];
  return [`Add a module ${name} with the constants ${words.join(', ')}.`, '', '```iorch-script', ...steps, '```'].join(
    '\n',
  );
};

for (let number = 1; number <= count; number++) {
  const name = `module-${randomBytes(3).toString('hex')}`;
  const check = `node --check src/${name}.js`;
  const { status } = spawnSync(
    process.execPath,
    [cli, 'run', promptOf(name), '--repo', repository, '--verify', check],
    {
      stdio: 'inherit',
    },
  );
  if (status !== 0) process.exit(status ?? 1);
}
