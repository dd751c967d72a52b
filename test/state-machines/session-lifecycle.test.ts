import { readFileSync } from 'node:fs';
import path from 'node:path';
import validator from 'asl-validator';
import { describe, expect, it } from 'vitest';

interface State {
  readonly Type: string;
  readonly Comment?: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly Resource?: string;
  readonly TimeoutSeconds?: number;
  readonly Retry?: unknown[];
  readonly Catch?: { Next: string }[];
  readonly Arguments?: { Payload: Record<string, string> };
  readonly Choices?: { Condition: string; Next: string }[];
}

const text = readFileSync(path.join(import.meta.dirname, '../../state-machines/session-lifecycle.asl.json'), 'utf8');
const machine = JSON.parse(text) as {
  StartAt: string;
  TimeoutSeconds: number;
  QueryLanguage: string;
  States: Record<string, State>;
};
const states = Object.entries(machine.States).map(([name, state]) => ({ name, ...state }));
const tasks = states.filter(({ Type }) => Type === 'Task');

describe('the state machine of a session', () => {
  it('is valid', () => {
    const withArns = text.replace(/\$\{\w+\}/g, 'arn:aws:lambda:us-east-1:123456789012:function:step');
    const { isValid, errorsText } = validator(JSON.parse(withArns));
    expect(errorsText('\n')).toBe('');
    expect(isValid).toBe(true);
    expect(machine.QueryLanguage).toBe('JSONata');
  });

  it.each(states)('tells the operator what "$name" means', ({ Comment }) => {
    expect(Comment).toMatch(/\.$/);
  });

  it.each(tasks)('"$name" has a limit, repeats what a repeat can cure, and catches the rest', (task) => {
    expect(task.TimeoutSeconds).toBeGreaterThan(0);
    expect(task.Retry?.length).toBeGreaterThan(0);
    expect(task.Catch?.length).toBe(1);
  });

  it('ends every failure in the state that frees the slot', () => {
    const caught = tasks.filter(({ name }) => name !== 'Record Failure').map(({ Catch }) => Catch?.[0]?.Next);
    expect(new Set(caught)).toEqual(new Set(['Record Failure']));
  });
});
