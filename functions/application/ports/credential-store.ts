import type { StoredCredential } from '#domain/credential/principal';

/** What the authorizer reads: credentials by their public id, across tenants. */
export interface CredentialStore {
  findCredential(credentialId: string): Promise<StoredCredential | undefined>;
}
