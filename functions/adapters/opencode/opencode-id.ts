import { createHash } from 'node:crypto';

/** The kinds of ids that OpenCode accepts from a caller. */
export type OpenCodeIdKind = 'ses' | 'msg' | 'prt';

/** An id that follows from a key, so that a repeated call names the same session, message or part. */
export const openCodeId = (kind: OpenCodeIdKind, key: string): string =>
  `${kind}_${createHash('sha256').update(key).digest('hex').slice(0, 26)}`;
