import { EAP } from '#contracts/agent';
import { routes } from '#contracts/routes';
import { route } from '#runtime/http/route-handler';

const LIMITS = {
  request_bytes: 1_048_576,
  events_per_batch: 100,
  diff_characters: 131_072,
  max_assignments_per_claim: 10,
};

/** GET /agents/external/protocol */
export const getEapProtocol = route(routes.getEapProtocol, async (_request, { environment }) => ({
  body: {
    supported_versions: EAP.supportedVersions,
    latest: EAP.latest,
    heartbeat_interval_seconds: EAP.heartbeatIntervalSeconds,
    stale_after_seconds: EAP.staleAfterSeconds,
    forget_after_seconds: EAP.forgetAfterSeconds,
    default_lease_seconds: environment.LEASE_SECONDS,
    limits: LIMITS,
  },
}));
