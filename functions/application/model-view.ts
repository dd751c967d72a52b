import { aliasesOf } from '#domain/model/alias-stacks';
import type { Model, ModelVersion } from '#domain/model/registered-model';

/** A model as it is shown: of each alias only where it points now. */
export const viewModel = ({ aliases, description, ...model }: Model) => ({
  ...model,
  description: description ?? null,
  aliases: Object.fromEntries(Object.entries(aliases).map(([alias, stack]) => [alias, stack.at(-1)])),
});

/** A version with the aliases that point to it. */
export const viewVersion = (model: Model, version: ModelVersion) => ({
  ...version,
  aliases: aliasesOf(model.aliases, version.version),
});
