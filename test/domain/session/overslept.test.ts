import { expect, it } from 'vitest';
import { overslept } from '#domain/session/overslept';
import type { Wait } from '#domain/session/wait';

const now = Date.parse('2026-05-04T12:00:00.000Z');
const at = (seconds: number) => new Date(now + seconds * 1000).toISOString();
const wait: Wait = { sessionId: 'S', run: 1, state: 'claim-slot', taskToken: 'T', since: at(-900), dueAt: at(3600) };

it('a driver that has held its slot for 120 s and still waits for it is looked at now', () => {
  expect(overslept(wait, at(-120), now)).toEqual({ ...wait, dueAt: at(0) });
  const { dueAt: _due, ...neverDue } = wait;
  expect(overslept(neverDue, at(-120), now)).toEqual({ ...wait, dueAt: at(0) });
});

it.each<[string, Partial<Wait>, number]>([
  ['a wake that may be on its way', {}, -119],
  ['a driver without a token', { taskToken: undefined }, -900],
  ['a driver at another wait', { state: 'run-on-agent' }, -900],
  ['a wait that is looked at soon', { dueAt: at(120) }, -900],
])('%s is left alone', (_, fields, since) => {
  expect(overslept({ ...wait, ...fields }, at(since), now)).toBeUndefined();
});
