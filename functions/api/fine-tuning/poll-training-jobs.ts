import { makePollTenantTraining } from '#application/poll-training-jobs';
import { trainingJobRoutes } from '#contracts/training-job-routes';
import { toWire } from '#contracts/wire-case';
import { route } from '#runtime/http/route-handler';
import { tokens } from '#runtime/step-functions';
import { providersOver } from '#runtime/training-providers';

/** POST /fine-tuning/jobs/poll */
export const pollTrainingJobs = route(trainingJobRoutes.pollTrainingJobs, async ({ tenantId }, ports) => {
  const { storeOf, clock, ids } = ports;
  const shared = { store: storeOf(tenantId), providers: providersOver(ports), clock, ids };
  // made only where a wait is over
  const poll = makePollTenantTraining({ ...shared, tokens: { complete: (token) => tokens().complete(token) } });
  const { checkedCount, updatedCount, failedCount } = await poll();
  return { body: toWire({ checkedCount, updatedCount, failedCount }) };
});
