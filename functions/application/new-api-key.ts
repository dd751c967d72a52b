import { apiKeyText } from '#domain/credential/credential-text';
import type { ApiKey, Principal, StoredCredential } from '#domain/credential/principal';
import type { Role } from '#domain/tenant/tenant';
import type { Digest } from './ports/digest.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { Write } from './ports/write.ts';

const DAY_MS = 24 * 3600 * 1000;

export interface NewApiKey {
  readonly tenantId: string;
  readonly name: string;
  readonly role: Role | 'runner';
  /** Whose own key it is; absent for service and runner keys. */
  readonly userId?: string | undefined;
  readonly expiresInDays: number;
  readonly createdBy: string;
  readonly environment: 'live' | 'test';
  readonly now: number;
}

const principalOf = ({ tenantId, name, role, userId }: NewApiKey, keyId: string): Principal => {
  if (role === 'runner') return { kind: 'runner', id: keyId, tenantId, name };
  return userId === undefined
    ? { kind: 'service', id: keyId, tenantId, role, name }
    : { kind: 'user', id: userId, tenantId, role, name };
};

/** A key with what is stored of it. The text exists here and in the answer, nowhere else. */
export const newApiKey = (
  { ids, digest }: { ids: Identifiers; digest: Digest },
  fields: NewApiKey,
): { apiKey: ApiKey; text: string; writes: Write[] } => {
  const { tenantId, name, role, userId, createdBy, environment, now } = fields;
  const id = ids.ulid();
  const credentialId = ids.credentialId();
  const text = apiKeyText(environment, credentialId, ids.secret());
  const createdAt = new Date(now).toISOString();
  const expiresAt = new Date(now + fields.expiresInDays * DAY_MS).toISOString();
  const apiKey: ApiKey = {
    tenantId,
    id,
    credentialId,
    name,
    role,
    userId,
    createdAt,
    createdBy,
    expiresAt,
    revision: 1,
  };
  const credential: StoredCredential = {
    credentialId,
    digest: digest.sha256(text),
    principal: principalOf(fields, id),
    expiresAt,
    revision: 1,
  };
  return {
    apiKey,
    text,
    writes: [
      { kind: 'api-key', apiKey },
      { kind: 'credential', credential },
    ],
  };
};
