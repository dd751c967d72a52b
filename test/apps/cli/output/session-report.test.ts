import { describe, expect, it } from 'vitest';
import { sessionReport } from '#apps/cli/output/session-report';
import type { Session } from '#contracts/session';
import { aDiffAnswer, aResultAnswer, aSessionAnswer } from '../cli-world.ts';

const resolution = { requested: 'registry/coder', version: '1.0.0', alias: 'champion', simulated: false };

describe('the report of a session', () => {
  it.each<[asked: Partial<Session>, model: string | undefined, simulated: boolean, shown: string | undefined]>([
    [{}, 'acme/small', false, 'acme/small'],
    [{ model_identifier: 'acme/small' }, 'acme/small', false, 'acme/small'],
    [{ model_identifier: 'acme/large' }, 'acme/small', false, 'acme/small (instead of acme/large)'],
    [
      { model_identifier: 'acme/large' },
      'demo/scripted',
      true,
      'demo/scripted (scripted: no model was asked; instead of acme/large)',
    ],
    [
      { model_identifier: 'registry/coder', model_resolution: { ...resolution, model_identifier: 'acme/tuned' } },
      'acme/tuned',
      false,
      'acme/tuned',
    ],
    [{ model_identifier: 'acme/large' }, undefined, false, undefined],
  ])('for %o says which model did the work', (asked, model, simulated, shown) => {
    const { model: _model, ...result } = aResultAnswer({ simulated });
    const report = {
      session: aSessionAnswer(asked),
      diff: aDiffAnswer(),
      result: model ? { ...result, model } : result,
    };
    const line = /^model +(.*)$/m.exec(sessionReport(report, 'iorch'))?.[1];
    expect(line).toBe(shown);
  });
});
