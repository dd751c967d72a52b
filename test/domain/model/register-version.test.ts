import { describe, expect, it } from 'vitest';
import { registerVersion } from '#domain/model/register-version';
import { aModel, aNewVersion, anEvaluation } from '#test/support/a-model';
import { NOON } from '#test/support/a-session';

describe('registering a version', () => {
  it('makes the model with its first version, and gives it the next number each time', () => {
    const first = registerVersion(undefined, aNewVersion({ outcome: 'skipped' }), NOON);
    expect(first.before).toBeNull();
    expect(first.after).toMatchObject({ tenantId: 'A', name: 'coder', version: 1, challengerPercent: 0, aliases: {} });
    expect(first.version?.after).toMatchObject({
      version: '1.0.0',
      status: 'registered',
      jobId: 'JOB',
      createdAt: NOON,
    });
    expect(first.version?.after).not.toHaveProperty('tenantId');
    const second = registerVersion(first.after, aNewVersion({ version: '1.1.0', outcome: 'skipped' }), NOON);
    expect(second.before).toBe(first.after);
    expect(second.events).toEqual([
      {
        stream: 'model:coder',
        seq: 2,
        type: 'model.version_registered',
        payload: {
          model_name: 'coder',
          version: '1.1.0',
          status: 'registered',
          job_id: 'JOB',
          actor: { kind: 'system' },
          created_by: 'USER',
          simulated: false,
        },
        timestamp: NOON,
      },
    ]);
  });

  it.each([
    ['passed', 'approved'],
    ['failed', 'rejected'],
    ['insufficient_data', 'registered'],
    ['skipped', 'registered'],
  ] as const)('that %s makes it %s', (outcome, status) => {
    expect(registerVersion(undefined, aNewVersion({ outcome }), NOON).version?.after.status).toBe(status);
  });

  it('that passed lets it challenge, with an entry in the history', () => {
    const { after, moves, events } = registerVersion(aModel(), aNewVersion({ version: '1.1.0' }), NOON);
    expect(after).toMatchObject({ version: 3, aliases: { challenger: ['1.1.0'] } });
    expect(moves).toEqual([
      {
        modelName: 'coder',
        seq: 3,
        alias: 'challenger',
        action: 'promote',
        fromVersion: null,
        toVersion: '1.1.0',
        simulated: false,
        actor: { kind: 'system' },
        reason: 'training job JOB',
        forced: false,
        at: NOON,
      },
    ]);
    expect(events.map(({ type, seq }) => [type, seq])).toEqual([
      ['model.version_registered', 2],
      ['model.promoted', 3],
    ]);
  });

  it('that is better becomes the champion at once where that is wanted', () => {
    const fields = { version: '1.1.0', autoPromote: true };
    const before = aModel({ aliases: { champion: ['1.0.0'] } });
    const { after, moves } = registerVersion(before, aNewVersion(fields), NOON);
    expect(after.aliases).toEqual({ challenger: ['1.1.0'], champion: ['1.0.0', '1.1.0'] });
    expect(moves.map(({ alias, fromVersion }) => [alias, fromVersion])).toEqual([
      ['challenger', null],
      ['champion', '1.0.0'],
    ]);
    const alike = anEvaluation({ verdict: 'not_distinguishable' });
    expect(registerVersion(before, aNewVersion({ ...fields, evaluation: alike }), NOON).moves).toHaveLength(1);
    expect(registerVersion(before, aNewVersion({ ...fields, outcome: 'failed' }), NOON).moves).toEqual([]);
  });

  it('leaves an alias alone that points to it already', () => {
    const before = aModel({ aliases: { challenger: ['1.1.0'] } });
    expect(registerVersion(before, aNewVersion({ version: '1.1.0' }), NOON).moves).toEqual([]);
  });
});
