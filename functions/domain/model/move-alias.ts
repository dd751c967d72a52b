import type { Actor } from '#domain/event';
import { type AliasStacks, popAlias, pushAlias, versionAt } from './alias-stacks.ts';
import { AliasMoved, ModelNotApproved, ModelVersionArchived } from './errors.ts';
import { type AliasMove, type Model, type ModelChange, type ModelVersion, recordModel } from './registered-model.ts';

/** Who moves an alias, and why. */
export interface Mover {
  readonly actor: Actor;
  readonly reason?: string | undefined;
  readonly at: string;
}

interface Step extends Mover {
  readonly alias: string;
  readonly action: AliasMove['action'];
  readonly aliases: AliasStacks;
  readonly forced: boolean;
}

const EVENT = { promote: 'model.promoted', rollback: 'model.rolled_back' } as const;

const step = (
  model: Model,
  { version, simulated }: Pick<ModelVersion, 'version' | 'simulated'>,
  { alias, action, aliases, forced, actor, reason, at }: Step,
) => {
  const from = versionAt(model.aliases, alias);
  const payload = {
    version,
    alias,
    ...(from === undefined ? {} : { from_version: from }),
    actor,
    ...(reason === undefined ? {} : { reason }),
    forced,
    simulated,
  };
  const others = (model.simulatedAliases ?? []).filter((name) => name !== alias);
  const moved = { ...model, aliases, simulatedAliases: simulated ? [...others, alias] : others };
  const { after, event } = recordModel(moved, { type: EVENT[action], payload }, at);
  const move: AliasMove = {
    modelName: model.name,
    seq: event.seq,
    alias,
    action,
    fromVersion: from ?? null,
    toVersion: version,
    simulated,
    actor,
    reason: reason ?? null,
    forced,
    at,
  };
  return { after, event, move };
};

/** An alias at another version. @throws InvalidInput when the model has as many aliases as it may have */
export const pointAlias = (
  model: Model,
  version: Pick<ModelVersion, 'version' | 'simulated'>,
  { alias, forced = false, ...mover }: Mover & { readonly alias: string; readonly forced?: boolean },
) => {
  const aliases = pushAlias(model.aliases, alias, version.version);
  return step(model, version, { alias, action: 'promote', aliases, forced, ...mover });
};

export interface Promotion extends Mover {
  readonly alias: string;
  /** Moves it although the gate was not passed; says why. */
  readonly force: boolean;
  /** How agents reach the version from now on. */
  readonly servingModelIdentifier?: string | undefined;
  /** Where the client saw the alias; null where it pointed to nothing. */
  readonly expectedVersion?: string | null | undefined;
}

const served = (model: Model, version: ModelVersion, servingModelIdentifier: string, { actor, at }: Mover) => {
  const { simulated } = version;
  const payload = { version: version.version, changed: ['serving_model_identifier'], actor, simulated };
  const { after, event } = recordModel(model, { type: 'model.updated', payload }, at);
  return { before: model, after, version: { before: version, after: { ...version, servingModelIdentifier } }, event };
};

/**
 * Moves an alias to a version, and says how agents reach that. Undefined when everything is as asked for.
 * @throws AliasMoved, ModelVersionArchived, ModelNotApproved, InvalidInput
 */
export const promote = (model: Model, version: ModelVersion, promotion: Promotion): ModelChange | undefined => {
  const { alias, force, servingModelIdentifier, expectedVersion, ...mover } = promotion;
  const current = versionAt(model.aliases, alias);
  if (expectedVersion !== undefined && expectedVersion !== (current ?? null)) throw new AliasMoved(alias, current);
  if (version.status === 'archived') throw new ModelVersionArchived(version.version);
  const isRenamed = servingModelIdentifier !== undefined && servingModelIdentifier !== version.servingModelIdentifier;
  if (current === version.version) {
    if (!isRenamed) return undefined;
    const { event, ...change } = served(model, version, servingModelIdentifier, mover);
    return { ...change, moves: [], events: [event] };
  }
  const isApproved = version.status === 'approved';
  if (!isApproved && !force)
    throw new ModelNotApproved(version.version, version.status, version.evaluation?.rules ?? []);
  const { after, event, move } = pointAlias(model, version, { alias, forced: !isApproved, ...mover });
  const changed = isRenamed ? { version: { before: version, after: { ...version, servingModelIdentifier } } } : {};
  return { before: model, after, ...changed, moves: [move], events: [event] };
};

/** The version that a rollback leads to. @throws NothingToRollBack */
export const rollbackTarget = (model: Model, alias: string): string =>
  versionAt(popAlias(model.aliases, alias), alias) as string;

/** Moves an alias back to the version below it. @throws NothingToRollBack */
export const rollBack = (
  model: Model,
  target: Pick<ModelVersion, 'version' | 'simulated'>,
  { alias, ...mover }: Mover & { readonly alias: string },
): ModelChange => {
  const aliases = popAlias(model.aliases, alias);
  const { after, event, move } = step(model, target, { alias, action: 'rollback', aliases, forced: false, ...mover });
  return { before: model, after, moves: [move], events: [event] };
};
