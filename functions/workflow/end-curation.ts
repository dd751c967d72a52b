import { makeRecoverCuration } from '#application/recover-curation';
import { EndedCuration } from '#contracts/curation-workflow';
import { logRecoveries } from '#runtime/log-recoveries';
import { portsWithDatasetFiles } from '#runtime/ports-with-dataset-files';

/** An execution ended red: unless its dataset has ended with it, the next one goes on. */
export const handler = async (event: unknown): Promise<void> => {
  const { status, input } = EndedCuration.parse(event).detail;
  const { storeOf, clock, ids, environment } = portsWithDatasetFiles();
  const { tenant_id, dataset_id: datasetId, run } = input;
  const recover = makeRecoverCuration({ store: storeOf(tenant_id), clock, ids });
  const recovered = await recover({ datasetId, run });
  const lost = { recovered: Number(recovered === 'recovered'), orphaned: Number(recovered === 'orphaned') };
  logRecoveries(lost, environment.STAGE, { status, ...input });
};
