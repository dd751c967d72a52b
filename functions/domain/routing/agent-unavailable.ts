import { DomainError } from '#domain/errors';
import type { NobodyFits } from './route.ts';
import type { Stage } from './stage.ts';
import type { StageCount } from './stages.ts';

/** No agent of the tenant may get the work now. */
export class AgentUnavailable extends DomainError {
  readonly code = 'AGENT_UNAVAILABLE';
  override readonly extras: { failed_stage: Stage; stages: readonly StageCount[] };

  constructor({ failedStage, stages }: NobodyFits) {
    super(`no agent is left after the stage ${failedStage}`);
    this.extras = { failed_stage: failedStage, stages };
  }
}
