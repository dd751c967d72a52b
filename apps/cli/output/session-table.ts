import type { SessionListItem } from '#contracts/session';
import { age, percent } from './quantities.ts';
import { table } from './table.ts';

/** Sessions, one per line. */
export const sessionTable = (sessions: readonly SessionListItem[], now: number, width?: number): string =>
  table(
    [
      { title: 'ID', of: ({ id }) => id },
      { title: 'STATUS', of: ({ status }) => status },
      {
        title: 'RATE',
        of: ({ success_rate }) => (success_rate === undefined ? '' : percent(success_rate)),
        align: 'right',
      },
      { title: 'AGE', of: ({ created_at }) => age(created_at, now), align: 'right' },
      { title: 'TITLE', of: ({ title }) => title },
    ],
    sessions,
    width,
  );
