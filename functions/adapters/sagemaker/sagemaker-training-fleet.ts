import { ListTrainingJobsCommand, type SageMakerClient, type TrainingJobSummary } from '@aws-sdk/client-sagemaker';
import type { ListedAttempt, TrainingFleet } from '#application/ports/training-fleet';
import { describeTraining, stopTraining } from './training-calls.ts';
import { attemptOf } from './training-name.ts';
import { ownerOf } from './training-place.ts';

const PAGE = 100;
/** More than an account may have under way at a time. */
const MAX_PAGES = 100;

export interface SageMakerFleet {
  readonly sagemaker: SageMakerClient;
  readonly stage: string;
}

/** All trainings of a stage that SageMaker is at. */
export const makeSageMakerFleet = ({ sagemaker, stage }: SageMakerFleet): TrainingFleet => {
  /** The filter of the list knows parts of names only, which others may have, too. */
  const listed = ({ TrainingJobName: name = '', CreationTime: at }: TrainingJobSummary): ListedAttempt[] => {
    const attempt = attemptOf(stage, name);
    return attempt === undefined || at === undefined
      ? []
      : [{ ...attempt, externalJobId: name, startedAt: at.toISOString() }];
  };

  return {
    async underWay() {
      const found: ListedAttempt[] = [];
      let token: string | undefined;
      for (let page = 0; page < MAX_PAGES; page += 1) {
        const { TrainingJobSummaries: summaries = [], NextToken: next } = await sagemaker.send(
          new ListTrainingJobsCommand({
            NameContains: `iorch-${stage}-`,
            StatusEquals: 'InProgress',
            SortBy: 'CreationTime',
            SortOrder: 'Ascending',
            MaxResults: PAGE,
            ...(token !== undefined && { NextToken: token }),
          }),
        );
        found.push(...summaries.flatMap(listed));
        if (next === undefined) break;
        token = next;
      }
      return found;
    },

    async tenantOf({ externalJobId, jobId }) {
      const training = await describeTraining(sagemaker, externalJobId);
      const owner = ownerOf(training?.OutputDataConfig?.S3OutputPath ?? '');
      return owner?.jobId === jobId ? owner.tenantId : undefined;
    },

    stop: (externalJobId) => stopTraining(sagemaker, externalJobId),
  };
};
