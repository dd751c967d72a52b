import {
  type Curated,
  completeSample,
  type Draft,
  draftSample,
  type WorkedSession,
} from '#domain/dataset/curate-session';
import type { Dataset, DatasetCounts } from '#domain/dataset/dataset';
import { type Exclusion, judgeHead } from '#domain/dataset/judge-session';
import type { Session } from '#domain/session/session';
import type { Digest } from './ports/digest.ts';
import type { TextObjects } from './ports/object-store.ts';
import type { ArtifactStore, WorkStore } from './ports/tenant-store.ts';
import { makeReadTranscript } from './read-transcript.ts';

/** Transcripts in memory at a time, each of a megabyte at most. */
const TRANSCRIPTS_AT_ONCE = 8;

const countedOnce = (counts: DatasetCounts, name: Exclusion | 'scanned'): DatasetCounts => ({
  ...counts,
  [name]: counts[name] + 1,
});

/** Samples of a few sessions for a dataset, in their order, and what was counted behind what was before. */
export const makeCurateSessions = ({
  store,
  objects,
  digest,
}: {
  store: WorkStore & ArtifactStore;
  objects: Pick<TextObjects, 'readText'>;
  digest: Digest;
}) => {
  const readTranscript = makeReadTranscript({ store, objects, digest });

  const worked = async (sessions: readonly Session[]): Promise<readonly WorkedSession[]> => {
    const works = await store.findWorks(sessions);
    return sessions.map((session) => ({ session, ...works.get(session.id) }));
  };

  const withMessages = async (draft: Draft): Promise<Curated> => {
    const found = await readTranscript(draft.sessionId, draft.sample.origin.attempt);
    if ('text' in found) return completeSample(draft, found.text);
    return { ...completeSample(draft), transcriptFault: found.fault };
  };

  /** With their conversations, where the dataset is to have them. */
  const complete = async (drafts: readonly Draft[], { includeTranscripts }: Dataset): Promise<readonly Curated[]> => {
    if (!includeTranscripts) return drafts.map((draft) => completeSample(draft));
    const samples: Curated[] = [];
    for (let start = 0; start < drafts.length; start += TRANSCRIPTS_AT_ONCE) {
      const few = drafts.slice(start, start + TRANSCRIPTS_AT_ONCE);
      samples.push(...(await Promise.all(few.map(withMessages))));
    }
    return samples;
  };

  return async (sessions: readonly Session[], dataset: Dataset, before: DatasetCounts) => {
    let counts = before;
    const admitted: Session[] = [];
    for (const session of sessions) {
      const excluded = judgeHead(session, dataset.filters);
      counts = countedOnce(counts, 'scanned');
      if (excluded === undefined) admitted.push(session);
      else counts = countedOnce(counts, excluded);
    }
    const drafts: Draft[] = [];
    for (const work of await worked(admitted)) {
      const draft = draftSample(work, dataset.filters, digest.sha256);
      if (typeof draft === 'string') counts = countedOnce(counts, draft);
      else drafts.push(draft);
    }
    return { samples: await complete(drafts, dataset), counts };
  };
};
