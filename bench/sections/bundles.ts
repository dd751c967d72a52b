import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { median, rounded } from '#bench/median';
import { beyondLimits, type Section } from '#bench/section';
import { buildFunctions, deployedEntries } from '#scripts/build-functions';
import { bundleSizes } from '#scripts/bundling/bundle-sizes';

const ROOT = path.join(import.meta.dirname, '../..');
const ROUNDS = 15;
const AUTHORIZER_LIMIT = 6;
const API_LIMIT = 8;
const ANY_LIMIT = 10;

const limitOf = (name: string, entry: string | undefined): number => {
  if (name === 'authorizer') return AUTHORIZER_LIMIT;
  return entry?.startsWith('functions/api/') ? API_LIMIT : ANY_LIMIT;
};

/** Milliseconds that a Node process takes which imports the file and ends. */
const importTime = (file: string): number => {
  const startedAt = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [file], { env: {}, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${file} cannot be imported: ${stderr}`);
  return performance.now() - startedAt;
};

/** Each file again and again in turn, so that whatever else the machine does hits all of them. */
const importTimes = (files: readonly string[]): readonly number[] => {
  const times = files.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round++)
    for (const [index, file] of files.entries()) times[index]?.push(importTime(file));
  return times.map(median);
};

/** Kilobytes and import time of every deployed function. */
export const bundles: Section = {
  id: 'bundles',
  title: 'Size and import time of each function',
  comparedTo: [
    'Kilobytes (of 1000 bytes, without the source map) are compared to what a quick start allows: 450, or 550 for a function that holds the',
    'client of S3. Import time is the wall time of a Node process that imports the bundle and ends, divided by that of one that imports an',
    `empty module: the median of ${ROUNDS} starts of each, in turn, in one run. It is what a cold start pays before the handler, and what`,
    `Lambda bills as INIT. Limits: authorizer ${AUTHORIZER_LIMIT} ×, API ${API_LIMIT} ×, any ${ANY_LIMIT} ×.`,
  ].join(' '),
  repeat: 'npm run bench -- bundles',
  isLong: false,
  async measure() {
    const outdir = mkdtempSync(path.join(tmpdir(), 'iorch-bench-'));
    try {
      const entries = deployedEntries();
      const sizes = bundleSizes(await buildFunctions({ root: ROOT, outdir, entries }));
      const empty = path.join(outdir, 'empty.mjs');
      writeFileSync(empty, '');
      const [bare = 0, ...times] = importTimes([
        empty,
        ...sizes.map(({ name }) => path.join(outdir, name, 'index.mjs')),
      ]);
      const figures = sizes.map(({ name, kilobytes, limit }, index) => ({
        name,
        kilobytes,
        limit,
        ratio: rounded((times[index] ?? 0) / bare, 2),
        ratioLimit: limitOf(name, entries[name]),
      }));
      return {
        columns: ['function', 'kilobytes', 'at most', 'import ÷ bare Node', 'at most'],
        rows: figures.map(({ name, kilobytes, limit, ratio, ratioLimit }) => [
          ...[name, kilobytes, limit, ratio, ratioLimit],
        ]),
        beyond: [
          ...beyondLimits(figures.map(({ name, kilobytes, limit }) => ({ name, value: kilobytes, limit }))),
          ...beyondLimits(
            figures.map(({ name, ratio, ratioLimit }) => ({
              name: `${name}, import`,
              value: ratio,
              limit: ratioLimit,
            })),
          ),
        ],
      };
    } finally {
      rmSync(outdir, { recursive: true, force: true });
    }
  },
};
