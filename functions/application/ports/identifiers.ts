/** Makes what must be unique or unguessable. */
export interface Identifiers {
  /** A ULID; later ones of one process sort after earlier ones. */
  ulid(): string;
  /** 12 characters of the credential alphabet. */
  credentialId(): string;
  /** 32 random bytes as base64url. */
  secret(): string;
}
