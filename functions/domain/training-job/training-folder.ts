/** Where an attempt leaves what it makes: below its tenant, apart from every other attempt. */
export const trainingFolder = ({
  tenantId,
  jobId,
  attempt,
}: {
  readonly tenantId: string;
  readonly jobId: string;
  readonly attempt: number;
}): string => `${tenantId}/training/${jobId}/a${attempt}`;
