import { describe, expect, it } from 'vitest';
import { answerTo } from '#apps/runner/demo-model/answer';
import { checkpointOf, finishedSteps, promptOf } from '#apps/runner/work-checkpoint';
import { modelMessage, toolPart } from '#test/adapters/opencode/a-turn';
import { anAssignment, scripted } from '#test/support/an-assignment';

const data = { base_commit: 'a'.repeat(40), commit: 'b'.repeat(40), next_step: 2, summary: 'Wrote a.' };
const withCheckpoint = (given: Record<string, unknown> | null, prompt = 'Do it.') => ({
  ...anAssignment({ prompt }),
  checkpoint: given && { sequence: 3, created_at: '2026-05-04T12:00:00.000Z', data: given as typeof data },
});

describe('the checkpoint of an assignment', () => {
  it('is what a runner wrote, and nothing else', () => {
    expect(checkpointOf(withCheckpoint({ ...data, bundle_artifact_id: 'B', more: 1 }))).toEqual({
      ...data,
      bundle_artifact_id: 'B',
    });
    expect(checkpointOf(withCheckpoint(data))).toEqual(data);
    expect(checkpointOf(withCheckpoint(null))).toBeUndefined();
    for (const wrong of [{ commit: '--upload-pack=x' }, { base_commit: 1 }, { next_step: 'two' }])
      expect(checkpointOf(withCheckpoint({ ...data, ...wrong }))).toBeUndefined();
    expect(checkpointOf(withCheckpoint({ ...data, summary: 7 }))?.summary).toBe('');
  });

  it('is told to the agent; without one the prompt is as it was', () => {
    expect(promptOf(withCheckpoint(null), undefined)).toBe('Do it.');
    const prompt = promptOf(withCheckpoint(data), data);
    expect(prompt).toMatch(/^Do it\.\n/);
    expect(prompt).toContain('Wrote a.');
    expect(promptOf(withCheckpoint(data), { ...data, summary: '' })).not.toContain('last thing');
  });

  it('is prompted with what a retry added, behind what was asked and before where it stands', () => {
    const assignment = withCheckpoint(data);
    const added = { ...assignment, input_data: { ...assignment.input_data, additional_prompt: 'But faster.' } };
    expect(promptOf(added, undefined)).toBe('Do it.\n\nBut faster.');
    expect(promptOf(added, data)).toMatch(/^Do it\.\n\nBut faster\.\n\nThis work was begun before/);
  });

  it('lets the demo model go on at the next step of the script', () => {
    const assignment = withCheckpoint(data, scripted('write a.txt | a', 'sleep 10', 'bash ls', 'say Done.'));
    const messages = [{ role: 'user', content: promptOf(assignment, data) }];
    expect(answerTo(messages, new Map())).toMatchObject({ input: { command: 'ls' } });
    expect(answerTo([...messages, { role: 'assistant', content: '' }], new Map())).toMatchObject({ text: 'Done.' });
  });
});

describe('a step of the agent', () => {
  const time = { start: 1, end: 2 };
  const ended = toolPart('t1', 'bash', { status: 'completed', input: {}, output: '', title: '', metadata: {}, time });
  const running = toolPart('t2', 'bash', { status: 'running', input: {}, time: { start: 1 } });

  it('is finished when its message and all its tools are', () => {
    const error = { name: 'UnknownError', data: { message: 'no' } } as const;
    expect(finishedSteps([])).toBe(0);
    expect(
      finishedSteps([
        modelMessage('m1', { parts: [ended] }),
        modelMessage('m2', { parts: [ended, running] }),
        modelMessage('m3', { completed: false }),
        modelMessage('m4', { error }),
      ]),
    ).toBe(1);
  });
});
