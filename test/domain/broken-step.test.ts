import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brokenStepText } from '#domain/broken-step';

const broken = (cause: string, error = 'Error') => brokenStepText({ state: 'Write Files', error, cause });

describe('the text of a broken step', () => {
  it('names the state, the error and the message that a function threw it with', () => {
    const cause = JSON.stringify({ errorType: 'Error', errorMessage: 'the disk\n  is full', trace: ['at a.ts'] });
    expect(broken(cause)).toBe('Write Files: Error: the disk is full');
  });

  it.each(['not JSON', '{"errorMessage":7}', '[]', '"said"'])('takes %s as it is', (cause) => {
    expect(broken(cause)).toBe(`Write Files: Error: ${cause}`);
  });

  it('goes without what nobody knows', () => {
    expect(broken('', 'States.Timeout')).toBe('Write Files: States.Timeout');
    expect(broken('null')).toBe('Write Files: Error: null');
  });

  it('is one short line, whatever was thrown', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 2000 }), fc.boolean(), (message, isOfFunction) => {
        const text = broken(isOfFunction ? JSON.stringify({ errorMessage: message }) : message);
        expect(text.length).toBeLessThanOrEqual('Write Files: Error: '.length + 300);
        expect(text).not.toMatch(/\n/);
      }),
    );
  });
});
