import { crc32 } from './crc32.ts';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const CHECKSUM_LENGTH = 6;
const ID = '[0-9a-hjkmnp-tv-z]{12}';
const SECRET = '[A-Za-z0-9_-]{43}';
const API_KEY = new RegExp(`^iorch_(?:live|test)_(${ID})_${SECRET}_[0-9A-Za-z]{6}$`);
const AGENT_TOKEN = new RegExp(`^eapt_(${ID})_${SECRET}_[0-9A-Za-z]{6}$`);

/** Alphabet of credential ids: no letter that is mistaken for a digit. */
export const ID_ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** CRC-32 of the body in base 62, six characters. It spares a read for a mistyped key; it protects nothing. */
export const checksum = (body: string): string => {
  let rest = crc32(body);
  let text = '';
  while (rest > 0) {
    text = `${BASE62[rest % 62]}${text}`;
    rest = Math.floor(rest / 62);
  }
  return text.padStart(CHECKSUM_LENGTH, '0');
};

/** The full key for a random id and secret. `environment` is `live` on production stages. */
export const apiKeyText = (environment: 'live' | 'test', credentialId: string, secret: string): string => {
  const body = `iorch_${environment}_${credentialId}_${secret}`;
  return `${body}_${checksum(body)}`;
};

/** The full token of an agent. */
export const agentTokenText = (credentialId: string, secret: string): string => {
  const body = `eapt_${credentialId}_${secret}`;
  return `${body}_${checksum(body)}`;
};

/** Id inside a well-formed key or token; undefined when its grammar or checksum is wrong. Needs no read. */
export const credentialIdOf = (text: string): { kind: 'api-key' | 'agent-token'; credentialId: string } | undefined => {
  const apiKey = API_KEY.exec(text)?.[1];
  const agentToken = AGENT_TOKEN.exec(text)?.[1];
  const credentialId = apiKey ?? agentToken;
  if (credentialId === undefined) return undefined;
  const cut = text.lastIndexOf('_');
  if (checksum(text.slice(0, cut)) !== text.slice(cut + 1)) return undefined;
  return { kind: apiKey === undefined ? 'agent-token' : 'api-key', credentialId };
};
