import type { Agent } from '#domain/agent/agent';
import type { AgentChange } from '#domain/agent/agent-change';
import { grantedVersion } from '#domain/agent/protocol';
import { type Registrar, type Registration, registerAgain, registerNew } from '#domain/agent/register';
import { tokenExpiry } from '#domain/agent/token-life';
import { isOpen } from '#domain/assignment/assignment';
import { close } from '#domain/assignment/lease';
import { keepForNobody } from '#domain/assignment/routed';
import { agentTokenText } from '#domain/credential/credential-text';
import type { StoredCredential } from '#domain/credential/principal';
import { takeAgentPlace } from './agent-place.ts';
import { agentWrites } from './change-writes.ts';
import type { Clock } from './ports/clock.ts';
import type { Digest } from './ports/digest.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { Secrets } from './ports/secrets.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import type { IdempotencyRecord, Write } from './ports/write.ts';
import { retryConflict } from './retry-conflict.ts';

const KEY_VERSION = 1;

export interface RegisterAgentInput {
  /** With the protocol version that the agent asks for. */
  readonly registration: Omit<Registration, 'protocolVersion'> & { readonly protocolVersion: string };
  readonly replace: boolean;
  /** Replaces only the registration that was given this token. */
  readonly replaceTokenId?: string | undefined;
  readonly by: Registrar;
  readonly remember?: ((registered: Registered) => IdempotencyRecord) | undefined;
}

export interface Registered {
  readonly agent: Agent;
  readonly token: string;
  readonly tokenExpiresAt: string;
  readonly replaced: boolean;
}

type AssignmentWrite = Extract<Write, { kind: 'assignment' }>;

interface Ports {
  readonly store: TenantStore;
  readonly clock: Clock;
  readonly ids: Identifiers;
  readonly digest: Digest;
  readonly secrets: Secrets;
}

/** The token of an agent's newest registration, derived anew from the master key: only its digest is stored. */
export const agentTokenOf =
  ({ digest, secrets }: Pick<Ports, 'digest' | 'secrets'>) =>
  async ({ tenantId, id, generation, tokenId }: Agent): Promise<string> => {
    const subject = `eap-token|${KEY_VERSION}|${tenantId}|${id}|${generation}`;
    return agentTokenText(tokenId, digest.hmac(await secrets.agentMasterKey(), subject));
  };

/**
 * Registers an agent, or takes up its earlier registration: the id stays, older tokens end, open work expires.
 * The token is derived from the master key, so that only its digest is stored.
 * @throws AgentAlreadyExists when the name belongs to somebody else, or its agent is not offline; QuotaExceeded `agents`
 */
export const makeRegisterAgent = ({ store, clock, ids, digest, secrets }: Ports) => {
  const tokenOf = agentTokenOf({ digest, secrets });

  /** Work of the earlier registration ends, for nobody holds its token any more; what was only routed waits for anybody. */
  const releaseWork = async (
    agent: Agent,
    at: string,
  ): Promise<{ expired: AssignmentWrite[]; unrouted: AssignmentWrite[] }> => {
    const held = (await store.listHeld(agent.id)).filter(isOpen);
    return {
      expired: held
        .filter((one) => one.agentId === agent.id)
        .map((one) => ({ kind: 'assignment', before: one, after: close(one, 'expired', at) })),
      unrouted: held
        .filter((one) => one.agentId === undefined && one.routedAgentId === agent.id)
        .map((one) => ({ kind: 'assignment', before: one, after: keepForNobody(one, 'reachable') })),
    };
  };

  const change = async (
    { registration: asked, replace, replaceTokenId, by }: RegisterAgentInput,
    now: number,
  ): Promise<[AgentChange, Write[]]> => {
    const registration = { ...asked, protocolVersion: grantedVersion(asked.protocolVersion) };
    const token = { tokenId: ids.credentialId(), tokenExpiresAt: tokenExpiry(now) };
    const at = new Date(now).toISOString();
    const knownId = await store.findAgentId(registration.name);
    if (knownId === undefined) {
      const registered = registerNew(registration, { tenantId: store.tenantId, id: ids.ulid(), ...token, by, at });
      const name: Write = { kind: 'agent-name', name: registration.name, agentId: registered.after.id };
      return [registered, [name, await takeAgentPlace(store)]];
    }
    const agent = await store.getAgent(knownId);
    const registered = registerAgain(agent, registration, { ...token, by, replace, replaceTokenId, at });
    const { expired, unrouted } = await releaseWork(agent, at);
    // work that the index does not show yet keeps its unit until its lease runs out or somebody claims it
    const reserved = Math.max(0, agent.reserved - expired.length - unrouted.length);
    const routed = Math.max(0, agent.routed - unrouted.length);
    const released = { ...registered, after: { ...registered.after, reserved, routed } };
    return [
      withWakes(released, expired),
      [...expired, ...unrouted, { kind: 'credential-removed', credentialId: agent.tokenId }],
    ];
  };

  const decide = async (input: RegisterAgentInput): Promise<Registered> => {
    const now = clock.now();
    const [registered, more] = await change(input, now);
    const agent = registered.after;
    const token = await tokenOf(agent);
    const tokenExpiresAt = tokenExpiry(now);
    const credential: StoredCredential = {
      credentialId: agent.tokenId,
      digest: digest.sha256(token),
      principal: { kind: 'agent', id: agent.id, tenantId: store.tenantId },
      expiresAt: tokenExpiresAt,
      revision: 1,
    };
    const answer: Registered = { agent, token, tokenExpiresAt, replaced: registered.before !== null };
    const record = input.remember?.(answer);
    await store.commit([
      ...agentWrites(registered, ids),
      ...more,
      { kind: 'credential', credential },
      ...(record ? [{ kind: 'idempotency', record } as const] : []),
    ]);
    return answer;
  };
  return (input: RegisterAgentInput): Promise<Registered> => retryConflict(clock, () => decide(input));
};

/** The sessions whose work expired are woken by the registration's event. */
const withWakes = (change: AgentChange, expired: readonly AssignmentWrite[]): AgentChange => {
  const wake = expired.map(({ after }) => after.sessionId);
  if (wake.length === 0) return change;
  return {
    ...change,
    events: change.events.map((event) => ({ ...event, internal: { consumers: ['place-work', 'wake'], wake } })),
  };
};
