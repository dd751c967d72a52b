import type { Outcome } from '#domain/evaluation/judge-gate';
import { CHALLENGER, CHAMPION, versionAt } from './alias-stacks.ts';
import { pointAlias } from './move-alias.ts';
import {
  type Model,
  type ModelChange,
  type ModelVersion,
  recordModel,
  type VersionStatus,
} from './registered-model.ts';

const STATUS: Readonly<Record<Outcome, VersionStatus>> = {
  passed: 'approved',
  failed: 'rejected',
  insufficient_data: 'registered',
  skipped: 'registered',
};

export interface NewVersion extends Omit<ModelVersion, 'status' | 'createdAt' | 'revision'> {
  readonly tenantId: string;
  readonly outcome: Outcome;
  /** Whether a version that passed and is better becomes the champion at once. */
  readonly autoPromote: boolean;
}

const newModel = (tenantId: string, name: string, at: string): Model => ({
  tenantId,
  name,
  version: 0,
  challengerPercent: 0,
  aliases: {},
  createdAt: at,
  updatedAt: at,
  revision: 0,
});

/** Aliases that come to a version by themselves: what passed the gate challenges, what is better and may, leads. */
const aliasesFor = ({ outcome, autoPromote, evaluation }: NewVersion): readonly string[] => {
  if (outcome !== 'passed') return [];
  return autoPromote && evaluation?.verdict === 'better' ? [CHALLENGER, CHAMPION] : [CHALLENGER];
};

/** Gives a model another version; the first one makes the model. */
export const registerVersion = (model: Model | undefined, fields: NewVersion, at: string): ModelChange => {
  const { tenantId, outcome, autoPromote: _, ...made } = fields;
  const { modelName, version, simulated, createdBy, jobId } = made;
  const status = STATUS[outcome];
  const registered: ModelVersion = { ...made, status, createdAt: at, revision: 0 };
  const payload = { version, status, job_id: jobId, actor: { kind: 'system' }, created_by: createdBy, simulated };
  const first = recordModel(
    model ?? newModel(tenantId, modelName, at),
    { type: 'model.version_registered', payload },
    at,
  );
  const mover = { actor: { kind: 'system' }, reason: `training job ${jobId}`, at } as const;
  const steps: ReturnType<typeof pointAlias>[] = [];
  for (const alias of aliasesFor(fields)) {
    const reached = steps.at(-1)?.after ?? first.after;
    if (versionAt(reached.aliases, alias) !== version) steps.push(pointAlias(reached, registered, { alias, ...mover }));
  }
  return {
    before: model ?? null,
    after: steps.at(-1)?.after ?? first.after,
    version: { before: null, after: registered },
    moves: steps.map(({ move }) => move),
    events: [first.event, ...steps.map(({ event }) => event)],
  };
};
