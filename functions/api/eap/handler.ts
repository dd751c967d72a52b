import { httpHandler } from '#runtime/http/http-handler';
import { portsWithSecrets } from '#runtime/ports-with-secrets';
import { eapClaim } from './eap-claim.ts';
import { eapExtendLease } from './eap-extend-lease.ts';
import { eapHeartbeat } from './eap-heartbeat.ts';
import { eapReportEvents } from './eap-report-events.ts';
import { eapSubmitResult } from './eap-submit-result.ts';
import { registerExternalAgent } from './register-external-agent.ts';

/** What agents call. */
export const eapRoutes = [
  registerExternalAgent,
  eapHeartbeat,
  eapClaim,
  eapReportEvents,
  eapExtendLease,
  eapSubmitResult,
];

export const handler = httpHandler(eapRoutes, portsWithSecrets);
