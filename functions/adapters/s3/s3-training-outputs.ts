import { type TrainingOutputs, UnreadableOutput } from '#application/ports/training-outputs';
import { TrainingEvaluation } from '#contracts/training-evaluation';
import { trainingFolder } from '#domain/training-job/training-folder';
import { makePresign, type S3Place } from './presign.ts';

const OWN_SECONDS = 60;
const PATIENCE_MS = 10_000;
// four hundred items have a fifth of it
const LARGEST_BYTES = 1_000_000;

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const unreadable = (attempt: number, problem: string) =>
  new UnreadableOutput(
    `evaluation.json, which the training program wrote in attempt ${attempt}, ${problem}: look into its log, then retry the job`,
  );

/** Reads what a training left beside its checkpoints. A container wrote it: what does not fit is refused. */
export const makeS3TrainingOutputs = (place: S3Place, tenantId: string): TrainingOutputs => {
  const presign = makePresign(place);
  const read = async (key: string, query: Record<string, string> = {}): Promise<Response> =>
    fetch(await presign('GET', key, { seconds: OWN_SECONDS, query }), { signal: AbortSignal.timeout(PATIENCE_MS) });

  /** 403 is the answer to who may not read what is there, and, by how S3 takes conditions on lists, of what is not there as well. */
  const isListed = async (key: string): Promise<boolean> => {
    const answer = await read('', { 'list-type': '2', prefix: key, 'max-keys': '1' });
    if (!answer.ok) throw new Error(`object storage answered the list of ${key} with ${answer.status}`);
    return (await answer.text()).includes('<Key>');
  };

  return {
    async comparison(attempt) {
      const key = `${trainingFolder({ tenantId, ...attempt })}/checkpoints/evaluation.json`;
      const answer = await read(key);
      // without what was measured nothing of it can refuse the model, so it must really not be there
      if (answer.status === 404 || (answer.status === 403 && !(await isListed(key)))) return undefined;
      if (!answer.ok) throw new Error(`object storage answered GET ${key} with ${answer.status}`);
      if (Number(answer.headers.get('content-length')) > LARGEST_BYTES) {
        await answer.body?.cancel();
        throw unreadable(attempt.attempt, `has more than ${LARGEST_BYTES} bytes`);
      }
      const { success, data } = TrainingEvaluation.safeParse(parsed(await answer.text()));
      if (!success) throw unreadable(attempt.attempt, 'cannot be read');
      return {
        evalLoss: { candidate: data.eval_loss.candidate, baseline: data.eval_loss.baseline },
        accuracy: { candidate: data.accuracy.candidate, baseline: data.accuracy.baseline },
        items: data.items.map(({ session_id, content_hash, candidate, baseline }) => ({
          sessionId: session_id,
          contentHash: content_hash,
          candidate,
          baseline,
        })),
      };
    },
  };
};
