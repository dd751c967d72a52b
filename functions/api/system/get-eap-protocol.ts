import { EAP } from '#contracts/agent';
import { agentRoutes } from '#contracts/agent-routes';
import { EAP_LIMITS } from '#contracts/limits';
import { toWire } from '#contracts/wire-case';
import { route } from '#runtime/http/route-handler';

/** GET /agents/external/protocol */
export const getEapProtocol = route(agentRoutes.getEapProtocol, async (_request, { environment }) => ({
  body: {
    supported_versions: EAP.supportedVersions,
    latest: EAP.latest,
    heartbeat_interval_seconds: EAP.heartbeatIntervalSeconds,
    stale_after_seconds: EAP.staleAfterSeconds,
    forget_after_seconds: EAP.forgetAfterSeconds,
    default_lease_seconds: environment.LEASE_SECONDS,
    limits: toWire(EAP_LIMITS),
  },
}));
