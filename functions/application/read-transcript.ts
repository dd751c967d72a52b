import type { Artifact } from '#domain/artifact/artifact';
import { TRANSCRIPT_BYTES, TRANSCRIPT_PATH, type TranscriptFault } from '#domain/dataset/transcript';
import type { Digest } from './ports/digest.ts';
import type { TextObjects } from './ports/object-store.ts';
import type { ArtifactStore } from './ports/tenant-store.ts';

/** Of what stands in the table of a session; the files of a checkpoint are among it. */
const PAGE = 100;

/**
 * The transcript that an attempt's result named, of several the newest; or why there is none. It is damaged when its bytes are gone or
 * are not those that were announced.
 */
export const makeReadTranscript = ({
  store,
  objects,
  digest,
}: {
  store: ArtifactStore;
  objects: Pick<TextObjects, 'readText'>;
  digest: Pick<Digest, 'sha256'>;
}) => {
  const find = async (sessionId: string, attempt: number): Promise<Artifact | undefined> => {
    let newest: Artifact | undefined;
    let after: string | undefined;
    do {
      const page = await store.listArtifacts(sessionId, { after, limit: PAGE });
      const named = page.items.filter((one) => one.path === TRANSCRIPT_PATH && one.attempt === attempt);
      newest = named.findLast(({ storedAt }) => storedAt !== undefined) ?? newest;
      after = page.next;
    } while (after !== undefined);
    return newest;
  };

  return async (sessionId: string, attempt: number): Promise<{ text: string } | { fault: TranscriptFault }> => {
    const artifact = await find(sessionId, attempt);
    if (artifact === undefined) return { fault: 'absent' };
    if (artifact.sizeBytes > TRANSCRIPT_BYTES) return { fault: 'tooLong' };
    const text = await objects.readText({ sessionId, id: artifact.id });
    return text !== undefined && digest.sha256(text) === artifact.sha256 ? { text } : { fault: 'damaged' };
  };
};
