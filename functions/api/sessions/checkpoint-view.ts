import { toWire } from '#contracts/wire-case';
import type { CheckpointHead } from '#domain/checkpoint/checkpoint';

/** A checkpoint as the wire shows it, with its data when that was read. */
export const presentCheckpoint = ({
  data,
  ...head
}: CheckpointHead & { readonly data?: string | undefined }): unknown =>
  toWire({ ...head, ...(data === undefined ? {} : { data: JSON.parse(data) as unknown }) });
