import type { Actor } from '#domain/event';
import { aliasesOf, forgetVersion } from './alias-stacks.ts';
import { ModelVersionInUse } from './errors.ts';
import { type Model, type ModelChange, type ModelVersion, recordModel } from './registered-model.ts';

/**
 * Takes a version out of use: no alias and no rollback leads to it any more. Undefined when it is out of use already.
 * @throws ModelVersionInUse while an alias points to it
 */
export const archiveVersion = (
  model: Model,
  version: ModelVersion,
  { actor, at }: { readonly actor: Actor; readonly at: string },
): ModelChange | undefined => {
  if (version.status === 'archived') return undefined;
  const aliases = aliasesOf(model.aliases, version.version);
  if (aliases.length > 0) throw new ModelVersionInUse(version.version, aliases);
  const payload = { version: version.version, actor, simulated: version.simulated };
  const left = { ...model, aliases: forgetVersion(model.aliases, version.version) };
  const { after, event } = recordModel(left, { type: 'model.archived', payload }, at);
  return {
    before: model,
    after,
    version: { before: version, after: { ...version, status: 'archived' } },
    moves: [],
    events: [event],
  };
};
