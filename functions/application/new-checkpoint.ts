import { canonicalJson } from '#domain/checkpoint/canonical-json';
import type { CheckpointTrigger, NewCheckpoint } from '#domain/checkpoint/checkpoint';
import type { Digest } from './ports/digest.ts';
import type { Identifiers } from './ports/identifiers.ts';

/** A checkpoint as somebody hands it in. */
export interface GivenCheckpoint {
  readonly data: Readonly<Record<string, unknown>>;
  readonly trigger: CheckpointTrigger;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  /** @default SHA-256 of the canonical data */
  readonly stateHash?: string | undefined;
}

/** What is stored of it: the canonical text of its data and the digest of that. */
export const newCheckpoint = (
  { data, trigger, metadata, stateHash }: GivenCheckpoint,
  { ids, digest }: { ids: Identifiers; digest: Digest },
): NewCheckpoint => {
  const text = canonicalJson(data);
  return { id: ids.ulid(), trigger, data: text, metadata, stateHash: stateHash ?? digest.sha256(text) };
};
