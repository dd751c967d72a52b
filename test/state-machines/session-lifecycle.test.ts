import { readFileSync } from 'node:fs';
import path from 'node:path';
import validator from 'asl-validator';
import { describe, expect, it } from 'vitest';

const text = readFileSync(path.join(import.meta.dirname, '../../state-machines/session-lifecycle.asl.json'), 'utf8');

describe('the state machine of a session', () => {
  it('is valid', () => {
    const withArns = text.replace(/\$\{\w+\}/g, 'arn:aws:lambda:us-east-1:123456789012:function:step');
    const { isValid, errorsText } = validator(JSON.parse(withArns));
    expect(errorsText('\n')).toBe('');
    expect(isValid).toBe(true);
  });

  it('ends every failure in the state that frees the slot', () => {
    const states: Record<string, { Type: string; Catch?: { Next: string }[] }> = JSON.parse(text).States;
    const caught = Object.entries(states).flatMap(([name, { Type, Catch = [] }]) =>
      Type === 'Task' && name !== 'Record Failure' ? [Catch.map(({ Next }) => Next)] : [],
    );
    expect(caught.length).toBeGreaterThan(4);
    expect(new Set(caught.flat())).toEqual(new Set(['Record Failure']));
  });
});
