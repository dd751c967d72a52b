import { aliasesOf } from '#domain/model/alias-stacks';
import type { Model, ModelVersion } from '#domain/model/registered-model';
import { averageSuccessRate, NO_TALLY, type Tally } from '#domain/model/tally';
import type { ModelStore } from './ports/model-store.ts';

/** A model as it is shown: of each alias only where it points now. */
export const viewModel = ({ aliases, simulatedAliases = [], description, ...model }: Model) => ({
  ...model,
  description: description ?? null,
  simulated: simulatedAliases.length > 0,
  simulatedAliases,
  aliases: Object.fromEntries(Object.entries(aliases).map(([alias, stack]) => [alias, stack.at(-1)])),
});

/** A version with the aliases that point to it, and what the sessions that it served came to. */
export const viewVersion = (model: Model, version: ModelVersion, tally: Tally) => ({
  ...version,
  aliases: aliasesOf(model.aliases, version.version),
  live: {
    sessions: tally.sessions,
    completed: tally.completed,
    averageSuccessRate: averageSuccessRate(tally),
  },
});

/** Versions of one model as they are shown. */
export const viewVersions = async (
  store: Pick<ModelStore, 'findTallies'>,
  model: Model,
  versions: readonly ModelVersion[],
) => {
  const tallies = await store.findTallies(
    model.name,
    versions.map(({ version }) => ({ version })),
  );
  return versions.map((version, index) => viewVersion(model, version, tallies[index] ?? NO_TALLY));
};
