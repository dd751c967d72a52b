import type { CallOutput } from '#contracts/client';
import { age, count, dollars, duration, percent } from './quantities.ts';
import { servedVersion } from './served-version.ts';
import { table } from './table.ts';

type Attempt = CallOutput<'listSessionAttempts'>['items'][number];
type Checkpoint = CallOutput<'listSessionCheckpoints'>['items'][number];
export type Artifact = CallOutput<'listSessionArtifacts'>['items'][number];

const modelColumn = { title: 'MODEL', of: (attempt: Attempt) => servedVersion(attempt.model_resolution) ?? '' };

/** Attempts, one per line. */
export const attemptTable = (attempts: readonly Attempt[], now: number, width?: number): string =>
  table(
    [
      { title: 'ATTEMPT', of: ({ attempt }) => String(attempt), align: 'right' },
      { title: 'OUTCOME', of: ({ outcome, ended_at }) => outcome ?? (ended_at ? 'ended' : 'goes on') },
      { title: 'RATE', of: ({ success_rate: rate }) => (rate === undefined ? '' : percent(rate)), align: 'right' },
      { title: 'AGE', of: ({ started_at }) => age(started_at, now), align: 'right' },
      { title: 'WORKED', of: ({ active_seconds }) => duration(active_seconds * 1000), align: 'right' },
      { title: 'GRANTS', of: ({ grants }) => String(grants), align: 'right' },
      { title: 'USAGE', of: ({ tokens_used, cost_usd }) => `${count(tokens_used, 'token')}, ${dollars(cost_usd)}` },
      { title: 'FROM', of: ({ from_checkpoint: from }) => (from === undefined ? '' : `checkpoint ${from}`) },
      ...(attempts.some((attempt) => attempt.model_resolution) ? [modelColumn] : []),
      { title: 'ERROR', of: ({ error }) => (error ? `${error.code}: ${error.message}` : '') },
    ],
    attempts,
    width,
  );

/** Checkpoints, one per line. */
export const checkpointTable = (checkpoints: readonly Checkpoint[], now: number, width?: number): string =>
  table(
    [
      { title: 'ID', of: ({ id }) => id },
      { title: 'NUMBER', of: ({ sequence }) => String(sequence), align: 'right' },
      { title: 'ATTEMPT', of: ({ attempt }) => String(attempt), align: 'right' },
      { title: 'AGE', of: ({ created_at }) => age(created_at, now), align: 'right' },
      { title: 'SIZE', of: ({ size_bytes }) => count(size_bytes, 'byte'), align: 'right' },
      { title: 'MADE', of: ({ trigger }) => trigger.replaceAll('_', ' ') },
    ],
    checkpoints,
    width,
  );

/** Files that an attempt handed over, one per line. */
export const artifactTable = (artifacts: readonly Artifact[], _now: number, width?: number): string =>
  table(
    [
      { title: 'ID', of: ({ id }) => id },
      { title: 'ATTEMPT', of: ({ attempt }) => String(attempt), align: 'right' },
      { title: 'SIZE', of: ({ size_bytes }) => count(size_bytes, 'byte'), align: 'right' },
      { title: 'TYPE', of: ({ mime_type }) => mime_type },
      { title: 'PATH', of: ({ path }) => path },
    ],
    artifacts,
    width,
  );
