import type { Role } from '#domain/tenant/tenant';

/** Who a credential stands for. The tenant comes from here and from nowhere else. */
export type Principal =
  | {
      readonly kind: 'user' | 'service';
      readonly id: string;
      readonly tenantId: string;
      readonly role: Role;
      readonly name: string;
    }
  | { readonly kind: 'runner'; readonly id: string; readonly tenantId: string; readonly name: string }
  | { readonly kind: 'agent'; readonly id: string; readonly tenantId: string };

/** What the authorizer stores of a credential: never the secret. */
export interface StoredCredential {
  readonly credentialId: string;
  /** SHA-256 hex of the whole key or token. */
  readonly digest: string;
  readonly principal: Principal;
  readonly expiresAt: string;
  readonly revokedAt?: string | undefined;
  readonly revision: number;
}

/** What a tenant sees of a key. */
export interface ApiKey {
  readonly tenantId: string;
  readonly id: string;
  readonly credentialId: string;
  readonly name: string;
  readonly role: Role | 'runner';
  readonly userId?: string | undefined;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly expiresAt: string;
  readonly revision: number;
}
