import { agentTokenOf, makeRegisterAgent, type Registered } from '#application/register-agent';
import { EAP } from '#contracts/agent';
import { agentRoutes } from '#contracts/agent-routes';
import { fromWire } from '#contracts/wire-case';
import { isLead } from '#runtime/http/caller';
import { type RestoreSecret, route } from '#runtime/http/route-handler';
import type { Ports } from '#runtime/ports';
import type { PortsWithSecrets } from '#runtime/ports-with-secrets';

const present = ({ agent, token, tokenExpiresAt, replaced }: Registered, { environment }: Ports) => ({
  agent_id: agent.id,
  status: 'registered',
  auth_token: token,
  token_id: agent.tokenId,
  token_expires_at: tokenExpiresAt,
  heartbeat_interval_seconds: EAP.heartbeatIntervalSeconds,
  protocol_version: agent.protocolVersion,
  tenant_id: agent.tenantId,
  name: agent.name,
  delivery: 'pull',
  lease_seconds: environment.LEASE_SECONDS,
  replaced,
});

/** A repeated registration gets the same token, unless the agent has registered anew since. */
const restoreToken: RestoreSecret<PortsWithSecrets> = async (body, tenantId, { storeOf, digest, secrets }) => {
  const answer = JSON.parse(body) as { agent_id: string; token_id: string };
  const agent = await storeOf(tenantId).getAgent(answer.agent_id);
  if (agent.tokenId !== answer.token_id) return body;
  return JSON.stringify({ ...answer, auth_token: await agentTokenOf({ digest, secrets })(agent) });
};

/** POST /agents/external/register */
export const registerExternalAgent = route(
  agentRoutes.registerExternalAgent,
  async ({ body, principal, tenantId, remember }, ports: PortsWithSecrets) => {
    const { storeOf, clock, ids, digest, secrets } = ports;
    const { protocolVersion, version, replace, replaceTokenId, delivery, transport, metadata, ...fields } =
      fromWire(body);
    const registration = {
      ...fields,
      softwareVersion: version,
      protocolVersion,
      metadata: { ...metadata, is_external: true },
    };
    const by = { id: principal.id, isLead: isLead(principal) };
    const answer = (registered: Registered) => ({
      body: present(registered, ports),
      headers: { location: `/api/v1/agents/${registered.agent.id}` },
    });
    const register = makeRegisterAgent({ store: storeOf(tenantId), clock, ids, digest, secrets });
    const secretless = (registered: Registered) => answer({ ...registered, token: '' });
    return answer(await register({ registration, replace, replaceTokenId, by, remember: remember(secretless) }));
  },
  restoreToken,
);
