import { toWire } from '#contracts/wire-case';

/** A checkpoint as the wire shows it, with its data when that was read. */
export const presentCheckpoint = ({
  data,
  ...head
}: {
  readonly id: string;
  readonly data?: string | undefined;
}): unknown => toWire({ ...head, ...(data === undefined ? {} : { data: JSON.parse(data) as unknown }) });
