import type { CreatedApiKey } from '#application/create-api-key';
import { toWire } from '#contracts/wire-case';

/** A key as the wire shows it. Its text is there once, and null ever after. */
export const presentApiKey = ({ credentialId, ...apiKey }: CreatedApiKey['apiKey'], text: string | null): unknown =>
  toWire({ ...apiKey, keyId: credentialId, key: text });
