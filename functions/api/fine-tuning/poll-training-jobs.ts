import { makePollTenantTraining } from '#application/poll-training-jobs';
import { trainingJobRoutes } from '#contracts/training-job-routes';
import { toWire } from '#contracts/wire-case';
import { route } from '#runtime/http/route-handler';
import { logTrainingTrouble, noteTrainingFailure } from '#runtime/log-training-trouble';
import { providersOver } from '#runtime/training-providers';

/** POST /fine-tuning/jobs/poll */
export const pollTrainingJobs = route(trainingJobRoutes.pollTrainingJobs, async ({ tenantId }, ports) => {
  const { storeOf, clock, ids, environment } = ports;
  const poll = makePollTenantTraining({
    ...{ store: storeOf(tenantId), providers: providersOver(ports), clock, ids },
    report: (remark) => logTrainingTrouble(remark, environment.STAGE),
    note: noteTrainingFailure,
  });
  const { checkedCount, updatedCount, failedCount } = await poll();
  return { body: toWire({ checkedCount, updatedCount, failedCount }) };
});
