import { expect, it } from 'vitest';
import { sessionFields } from '#apps/cli/output/session-fields';
import { attemptTable } from '#apps/cli/output/session-records';
import { sessionReport } from '#apps/cli/output/session-report';
import { aDiffAnswer, aResultAnswer, aSessionAnswer } from '../cli-world.ts';

const at = '2026-05-01T12:00:00.000Z';
const asked = { requested: 'registry/coder', version: '1.0.0', alias: 'champion', simulated: false };
const anAttempt = {
  ...{ attempt: 1, automatic: false, agent_ids: [], grants: 1, active_seconds: 1, tokens_used: 1, cost_usd: 0 },
  started_at: at,
};

it.each([
  [asked, 'registry/coder 1.0.0 (champion)'],
  [
    { ...asked, alias: 'challenger', trial: 2, simulated: true },
    'registry/coder 1.0.0 (challenger; trial 2; simulated: a base model stood in)',
  ],
  [{ ...asked, requested: 'registry/coder:1.0.0', alias: null }, 'registry/coder 1.0.0'],
])('session, report and attempts of %o say %s', (resolution, shown) => {
  const model_resolution = { ...resolution, model_identifier: 'acme/tuned' };
  const session = aSessionAnswer({ model_resolution });
  expect(sessionFields(session).split('\n')).toContain(`model    ${shown}`);
  const report = { session, diff: aDiffAnswer(), result: aResultAnswer({ model: 'acme/tuned', simulated: false }) };
  const lines = sessionReport(report, 'iorch').split('\n');
  expect(lines).toContain('model    acme/tuned');
  expect(lines).toContain(`version  ${shown}`);
  const [titles = '', first = '', second = ''] = attemptTable(
    [
      { ...anAttempt, attempt: 2, model_resolution },
      { ...anAttempt, error: { code: 'X', message: 'y', type: 'agent', retryable: false, at } },
    ],
    Date.parse(at),
  ).split('\n');
  const place = titles.indexOf('MODEL');
  expect(first.slice(place).trimEnd()).toBe(shown);
  expect(second.slice(place).trimEnd()).toBe(`${' '.repeat(titles.indexOf('ERROR') - place)}X: y`);
});

it('a session that asks for a model outside the registry shows that one', () => {
  expect(sessionFields(aSessionAnswer({ model_identifier: 'acme/large' })).split('\n')).toContain(
    'model    acme/large',
  );
});
