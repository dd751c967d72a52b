import { httpHandler } from '#runtime/http/http-handler';
import { portsWithObjects } from '#runtime/ports-with-objects';
import { portsWithSecrets } from '#runtime/ports-with-secrets';
import { eapClaim } from './eap-claim.ts';
import { eapExtendLease } from './eap-extend-lease.ts';
import { eapGetAssignment } from './eap-get-assignment.ts';
import { eapHeartbeat } from './eap-heartbeat.ts';
import { eapListAssignments } from './eap-list-assignments.ts';
import { eapReleaseAssignment } from './eap-release-assignment.ts';
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
  eapReleaseAssignment,
  eapListAssignments,
  eapGetAssignment,
  eapSubmitResult,
];

export const handler = httpHandler(eapRoutes, () => ({ ...portsWithSecrets(), ...portsWithObjects() }));
