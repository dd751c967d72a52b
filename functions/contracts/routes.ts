import { agentDirectoryRoutes } from './agent-directory-routes.ts';
import { agentRoutes } from './agent-routes.ts';
import { artifactRoutes } from './artifact-routes.ts';
import { checkpointRoutes } from './checkpoint-routes.ts';
import { datasetRoutes } from './dataset-routes.ts';
import { modelRoutes } from './model-routes.ts';
import { sessionRoutes } from './session-routes.ts';
import { systemRoutes } from './system-routes.ts';
import { tenancyRoutes } from './tenancy-routes.ts';
import { trainingJobRoutes } from './training-job-routes.ts';

/** Every operation of the API, by the name its client uses. */
export const routes = {
  ...sessionRoutes,
  ...checkpointRoutes,
  ...agentDirectoryRoutes,
  ...artifactRoutes,
  ...agentRoutes,
  ...datasetRoutes,
  ...modelRoutes,
  ...trainingJobRoutes,
  ...tenancyRoutes,
  ...systemRoutes,
} as const;

export type Routes = typeof routes;
export type RouteName = keyof Routes;
