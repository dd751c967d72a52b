import { toWire } from '#contracts/wire-case';
import type { ApiKey } from '#domain/credential/principal';

/** A key as the wire shows it. Its text is there once, and null ever after. */
export const presentApiKey = ({ credentialId, ...apiKey }: ApiKey, text: string | null): unknown =>
  toWire({ ...apiKey, keyId: credentialId, key: text });
