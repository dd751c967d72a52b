import { chatTurnsOf, isTranscriptWanted, transcriptFile } from '#adapters/opencode/transcript';
import type { SecretFilter } from './secret-filter.ts';
import { upload } from './transfer.ts';
import type { Work } from './work-on-assignment.ts';

const patienceMs = 30_000;

/** How the folder of the checkout is called: where it lies is the machine's own, and tells who runs it. */
const checkout = '/workspace';

/** Uploads what the agent said and did, without secrets, for the result to name. What keeps it from that is a warning: the work is done. */
export async function keepTranscript(work: Work, secrets: SecretFilter): Promise<void> {
  const { assignment, calls, rules, place, done, signal } = work;
  const { turn, prompt, model } = done;
  if (!rules.keepsTranscripts || !isTranscriptWanted(assignment.context.session.tags)) return;
  if (prompt === undefined || turn.length === 0 || !place) return;
  const clean = (text: string) => secrets.clean(text).replaceAll(place.root, checkout);
  try {
    const messages = chatTurnsOf(prompt, turn, clean);
    const file = transcriptFile({ model, simulated: done.isSimulated ?? false, messages });
    const grant = {
      ...{ assignmentId: assignment.assignment_id, fencingToken: assignment.fencing_token },
      signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]),
    };
    const artifact_id = await upload(calls, grant, file);
    done.artifacts = [{ path: file.path, artifact_id }];
  } catch (error) {
    const message = `no transcript was kept: ${error instanceof Error ? error.message : String(error)}`;
    work.report({ type: 'log', level: 'warning', source: 'runner', message });
  }
}
