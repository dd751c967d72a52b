import type { DatasetView } from '#contracts/dataset';
import { age } from './quantities.ts';
import { table } from './table.ts';

/** Datasets, one per line. */
export const datasetTable = (datasets: readonly DatasetView[], now: number, width?: number): string =>
  table(
    [
      { title: 'ID', of: ({ id }) => id },
      { title: 'STATUS', of: ({ status }) => status },
      { title: 'TRAIN', of: ({ counts }) => String(counts.train), align: 'right' },
      { title: 'EVAL', of: ({ counts }) => String(counts.eval), align: 'right' },
      { title: 'AGE', of: ({ created_at }) => age(created_at, now), align: 'right' },
      { title: 'NAME', of: ({ name, simulated }) => (simulated ? `${name} (simulated)` : name) },
    ],
    datasets,
    width,
  );
