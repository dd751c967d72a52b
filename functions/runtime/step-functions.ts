import { SFNClient } from '@aws-sdk/client-sfn';
import { makeCurations } from '#adapters/step-functions/sfn-curations';
import { makeExecutions, makeTrainingExecutions } from '#adapters/step-functions/sfn-executions';
import { makeTaskTokens } from '#adapters/step-functions/sfn-task-tokens';
import { required } from './environment.ts';
import { lazy } from './lazy.ts';
import { ports } from './ports.ts';

const client = lazy(() => new SFNClient({}));

/** The waits of executions, in a deployed function. */
export const tokens = lazy(() => makeTaskTokens(client()));

/** The executions that drive sessions, in a deployed function. */
export const executions = lazy(() => makeExecutions(client(), required(ports().environment, 'SESSION_LIFECYCLE_ARN')));

/** The executions that drive training jobs, in a deployed function. */
export const trainingExecutions = lazy(() =>
  makeTrainingExecutions(client(), required(ports().environment, 'FINE_TUNING_ARN')),
);

/** The executions that build datasets, in a deployed function. */
export const curations = lazy(() => makeCurations(client(), required(ports().environment, 'DATASET_CURATION_ARN')));
