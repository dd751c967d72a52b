import { credentialIdOf } from '#domain/credential/credential-text';
import type { Principal } from '#domain/credential/principal';
import type { Clock } from './ports/clock.ts';
import type { CredentialStore } from './ports/credential-store.ts';
import type { Digest } from './ports/digest.ts';

/** Who asks, or the error code of the refusal. */
export type Authentication =
  | { readonly principal: Principal }
  | { readonly failure: 'UNAUTHENTICATED' | 'INVALID_AGENT_TOKEN' };

export interface CredentialHeaders {
  readonly authorization?: string | undefined;
  readonly agentToken?: string | undefined;
}

const BEARER = /^Bearer\s+(\S+)$/i;

/** The credential of a request; undefined when there is none, or two different ones. */
const credentialOf = ({ authorization, agentToken }: CredentialHeaders): string | undefined => {
  const bearer = authorization === undefined ? undefined : BEARER.exec(authorization)?.[1];
  if (agentToken !== undefined && authorization !== undefined && bearer !== agentToken) return undefined;
  return agentToken ?? bearer;
};

/**
 * Checks a credential in the order grammar, checksum (both without a read), stored digest in constant time, expiry, revocation.
 * All refusals look alike.
 */
export const makeAuthenticate =
  ({ credentials, digest, clock }: { credentials: CredentialStore; digest: Digest; clock: Clock }) =>
  async (headers: CredentialHeaders): Promise<Authentication> => {
    const text = credentialOf(headers);
    const looksLikeAgent = headers.agentToken !== undefined || text?.startsWith('eapt_') === true;
    const refused: Authentication = { failure: looksLikeAgent ? 'INVALID_AGENT_TOKEN' : 'UNAUTHENTICATED' };
    const parsed = text === undefined ? undefined : credentialIdOf(text);
    if (text === undefined || parsed === undefined) return refused;
    const stored = await credentials.findCredential(parsed.credentialId);
    if (stored === undefined || !digest.equal(stored.digest, digest.sha256(text))) return refused;
    const isOver = stored.revokedAt !== undefined || Date.parse(stored.expiresAt) <= clock.now();
    return isOver ? refused : { principal: stored.principal };
  };
