import type { App } from 'aws-cdk-lib';
import { Tags } from 'aws-cdk-lib';
import type { StageProps } from '#lib/constructs/node-function';
import { ApiStack } from '#lib/stacks/api-stack';
import { DataStack } from '#lib/stacks/data-stack';
import { ObservabilityStack } from '#lib/stacks/observability-stack';
import { WorkflowStack } from '#lib/stacks/workflow-stack';

export interface OrchestratorProps extends StageProps {
  /** Of the package. */
  readonly version: string;
}

/** Adds every stack of one stage. They know neither account nor region. */
export const addOrchestrator = (app: App, { version, ...stage }: OrchestratorProps) => {
  const prefix = `iorch-${stage.settings.stage}`;
  const data = new DataStack(app, `${prefix}-data`, { settings: stage.settings });
  const { table, artifacts, agentMasterKey, bootstrapToken } = data;
  const workflow = new WorkflowStack(app, `${prefix}-workflow`, { ...stage, table, artifacts });
  const api = new ApiStack(app, `${prefix}-api`, {
    ...stage,
    table,
    artifacts,
    agentMasterKey,
    bootstrapToken,
    version,
  });
  const observed = { settings: stage.settings, watched: [data, workflow, api], api };
  if (stage.settings.hasAlarms) new ObservabilityStack(app, `${prefix}-observability`, observed);
  Tags.of(app).add('application', 'industrial-orchestrator');
  Tags.of(app).add('stage', stage.settings.stage);
};
