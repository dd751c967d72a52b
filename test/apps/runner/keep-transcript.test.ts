import { describe, expect, it, onTestFinished } from 'vitest';
import { keepTranscript } from '#apps/runner/keep-transcript';
import { secretFilter } from '#apps/runner/secret-filter';
import { noWork, type Work } from '#apps/runner/work-on-assignment';
import { modelMessage, textPart } from '#test/adapters/opencode/a-turn';
import { anAssignment } from '#test/support/an-assignment';
import { sha256Of } from '#test/support/objects-in-memory';
import { problem, scriptedControlPlane } from '#test/support/scripted-control-plane';
import { anUploadStorage } from '#test/support/upload-storage';

const root = '/home/ada/.iorch/work/worktrees/A-1';
const says = (text: string) => [modelMessage('a1', { parts: [textPart('p1', text)] })];

const aWork = async ({
  status = 200,
  tags = [] as string[],
  keepsTranscripts = true,
  done = {} as Partial<Work['done']>,
} = {}) => {
  const storage = await anUploadStorage(status);
  onTestFinished(storage.close);
  const plane = scriptedControlPlane();
  plane.acceptUploads(storage.url);
  const assignment = anAssignment();
  assignment.context.session.tags = tags;
  const reported: unknown[] = [];
  const work = {
    ...{ assignment, calls: plane.calls, signal: new AbortController().signal, rules: { keepsTranscripts } },
    ...{ report: (event: unknown) => void reported.push(event), place: { root } },
    done: { ...noWork(), prompt: 'Do it.', model: 'acme/large', turn: says('Done.'), ...done },
  } as Partial<Work> as Work;
  return { work, plane, storage, reported };
};

describe('the transcript of an assignment', () => {
  it('is uploaded for the result to name', async () => {
    const { work, plane, storage, reported } = await aWork();
    await keepTranscript(work, secretFilter());
    const [content = ''] = storage.files.values();
    expect(JSON.parse(content)).toEqual({
      ...{ version: 1, model: 'acme/large', simulated: false },
      messages: [
        { role: 'user', content: 'Do it.' },
        { role: 'assistant', content: 'Done.' },
      ],
    });
    expect(plane.announced).toMatchObject([
      { path: 'transcript.json', mime_type: 'application/json', size_bytes: content.length, sha256: sha256Of(content) },
    ]);
    expect(work.done.artifacts).toEqual([{ path: 'transcript.json', artifact_id: 'ARTIFACT1' }]);
    expect(reported).toEqual([]);
  });

  it("has neither the runner's secrets nor where its checkout lies", async () => {
    const { work, storage } = await aWork({ done: { turn: says(`I saw swordfish-key in ${root}/src/a.ts.`) } });
    await keepTranscript(work, secretFilter(['swordfish-key']));
    const [content = ''] = storage.files.values();
    expect(JSON.parse(content).messages[1].content).toBe('I saw [secret] in /workspace/src/a.ts.');
  });

  it.each([
    ['the session is never learned from', { tags: ['no-training'] }],
    ['the runner keeps none', { keepsTranscripts: false }],
    ['the agent did nothing', { done: { turn: [] } }],
  ])('is not made when %s', async (_, given) => {
    const { work, plane, reported } = await aWork(given);
    await keepTranscript(work, secretFilter());
    expect([plane.announced, work.done.artifacts, reported]).toEqual([[], undefined, []]);
  });

  it.each([
    ['object storage refused transcript.json with status 503', { status: 503 }],
    ['and one of more than 1048576 is not kept', { done: { turn: says('x'.repeat(1024 * 1024)) } }],
  ])('costs a warning when it cannot be kept: %s', async (why, given) => {
    const { work, reported } = await aWork(given);
    await keepTranscript(work, secretFilter());
    expect(work.done.artifacts).toBeUndefined();
    const message = expect.stringMatching(new RegExp(`^no transcript was kept: .*${why}`));
    expect(reported).toEqual([{ type: 'log', level: 'warning', source: 'runner', message }]);
  });

  it('costs a warning when the control plane does not want it', async () => {
    const { work, plane, reported } = await aWork();
    plane.fail('createArtifact', problem('QUOTA_EXCEEDED', { status: 429 }));
    await keepTranscript(work, secretFilter());
    expect(reported).toMatchObject([{ message: 'no transcript was kept: QUOTA_EXCEEDED' }]);
  });
});
