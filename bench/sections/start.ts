import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { rounded } from '#bench/median';
import type { Section } from '#bench/section';

const ROOT = path.join(import.meta.dirname, '../..');
const STEP = /^[✔✖] (.+?)\s+(\d+\.\d) s/gm;

interface Run {
  readonly seconds: number;
  readonly steps: ReadonlyMap<string, number>;
}

/** Runs a program to its end. @throws Error with the end of its output when it fails */
const run = (command: string, args: readonly string[], cwd: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    const output: string[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => output.push(text));
    child.once('error', reject);
    child.once('close', (code) => {
      const text = output.join('');
      if (code === 0) resolve(text);
      else reject(new Error(`${command} ${args.join(' ')} ended with ${code}: ${text.slice(-2000)}`));
    });
  });

const timed = async (script: string, cwd: string): Promise<Run> => {
  const startedAt = performance.now();
  const output = await run('npm', [...(script === 'start' ? [] : ['run']), script], cwd);
  const seconds = (performance.now() - startedAt) / 1000;
  return { seconds, steps: new Map([...output.matchAll(STEP)].map(([, name = '', time]) => [name, Number(time)])) };
};

/** `npm start` on a fresh clone, again while it runs, and after `npm stop`, each step by step. */
export const start: Section = {
  id: 'start',
  title: '`npm start`, step by step',
  comparedTo: [
    'A fresh clone in a folder of its own is compared to the same command again while the local cloud runs, and to a start after `npm stop`.',
    'Seconds. The fresh one installs all packages, npm’s from its cache where it has them.',
  ].join(' '),
  repeat: 'npm run bench -- start',
  isLong: true,
  async measure() {
    const folder = mkdtempSync(path.join(tmpdir(), 'iorch-clone-'));
    const clone = path.join(folder, 'clone');
    try {
      await run('git', ['clone', '--quiet', ROOT, clone], folder);
      const fresh = await timed('start', clone);
      const again = await timed('start', clone);
      await timed('stop', clone);
      const restarted = await timed('start', clone);
      const runs = [fresh, again, restarted];
      const names = new Set(runs.flatMap(({ steps }) => [...steps.keys()]));
      return {
        columns: ['step', 'fresh clone', 'while it runs', 'after npm stop'],
        rows: [
          ...[...names].map((name) => [name, ...runs.map(({ steps }) => steps.get(name) ?? '')]),
          ['the whole command', ...runs.map(({ seconds }) => rounded(seconds, 1))],
          ['÷ fresh clone', ...runs.map(({ seconds }) => rounded(seconds / fresh.seconds, 2))],
        ],
        beyond: [],
      };
    } finally {
      await run('npm', ['stop'], clone).catch((error: unknown) => console.error(error));
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
