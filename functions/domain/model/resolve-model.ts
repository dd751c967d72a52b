import { NotFound } from '#domain/errors';
import { firstBytesOf, type Sha256 } from '#domain/sha256';
import { type AliasStacks, CHALLENGER, CHAMPION, versionAt } from './alias-stacks.ts';
import { ModelNotServable, ModelVersionArchived } from './errors.ts';
import { parseVersion } from './semver.ts';
import { openTrial, type Trial } from './trial.ts';

/** How a session's model identifier was understood when an attempt began. Written on the wire as it is, in snake_case. */
export interface ModelResolution {
  /** What the session says. */
  readonly requested: string;
  readonly version: string;
  /** The alias that led to the version; null when the version was named. */
  readonly alias: string | null;
  /** What the agent is told. */
  readonly modelIdentifier: string;
  readonly simulated: boolean;
  /** Number of the trial that the attempt is part of; absent where it is part of none. */
  readonly trial?: number | undefined;
}

/** A name in the registry: of a model, and maybe of an alias or version of it. */
export interface RegistryName {
  readonly modelName: string;
  readonly reference?: string | undefined;
}

const REGISTRY = 'registry/';

/** Whether a model identifier names a model of the registry. */
export const isRegistryName = (modelIdentifier: string | undefined): modelIdentifier is string =>
  modelIdentifier?.startsWith(REGISTRY) === true;

/** `registry/<model>` or `registry/<model>:<alias or version>`. */
export const parseRegistryName = (modelIdentifier: string): RegistryName => {
  const [modelName = '', ...rest] = modelIdentifier.slice(REGISTRY.length).split(':');
  return rest.length === 0 ? { modelName } : { modelName, reference: rest.join(':') };
};

const HUNDRED = 100;

/** Whether a session is among those that try the challenger. The same session always is, or never. */
export const triesChallenger = (
  sha256: Sha256,
  modelName: string,
  sessionId: string,
  challengerPercent: number,
): boolean => firstBytesOf(sha256, `${modelName}|${sessionId}`) % HUNDRED < challengerPercent;

/** What the choice of a version looks at of a model. */
export interface ModelAliases {
  readonly name: string;
  readonly aliases: AliasStacks;
  readonly challengerPercent: number;
  readonly trials?: readonly Trial[] | undefined;
}

/** The version that an alias points to. @throws NotFound when it points nowhere */
const pointedTo = (aliases: AliasStacks, alias: string): string => {
  const version = versionAt(aliases, alias);
  if (version === undefined) throw new NotFound('model_version');
  return version;
};

/**
 * The version that a session gets. Who asks for the champion may get the challenger.
 * @throws NotFound when the alias points nowhere
 */
export const chooseVersion = (
  { name, aliases, challengerPercent, trials }: ModelAliases,
  { reference = CHAMPION }: RegistryName,
  sessionId: string,
  sha256: Sha256,
): Pick<ModelResolution, 'version' | 'alias' | 'trial'> => {
  if (parseVersion(reference) !== undefined) return { version: reference, alias: null };
  const version = pointedTo(aliases, reference);
  if (reference !== CHAMPION) return { version, alias: reference };
  const open = openTrial({ trials });
  const trial = open ? { trial: open.number } : {};
  const challenger = versionAt(aliases, CHALLENGER);
  if (challenger !== undefined && triesChallenger(sha256, name, sessionId, challengerPercent))
    return { version: challenger, alias: CHALLENGER, ...trial };
  return { version, alias: CHAMPION, ...trial };
};

/** Every version that a session may get. @throws NotFound when the alias points nowhere */
export const possibleVersions = (
  { aliases, challengerPercent }: ModelAliases,
  { reference = CHAMPION }: RegistryName,
): readonly string[] => {
  if (parseVersion(reference) !== undefined) return [reference];
  const challenger = reference === CHAMPION && challengerPercent > 0 ? versionAt(aliases, CHALLENGER) : undefined;
  return [...new Set([pointedTo(aliases, reference), ...(challenger === undefined ? [] : [challenger])])];
};

/** What of a version decides how agents reach it. */
export interface ServedVersion {
  readonly modelName: string;
  readonly version: string;
  readonly status: string;
  readonly baseModel: string;
  readonly servingModelIdentifier: string | null;
  readonly simulated: boolean;
}

/**
 * The name that an agent is told for a version. A simulated one was never trained, so its base model stands in, and that is said.
 * @throws ModelVersionArchived, ModelNotServable
 */
export const servedAs = ({
  modelName,
  version,
  status,
  baseModel,
  servingModelIdentifier,
  simulated,
}: ServedVersion): string => {
  if (status === 'archived') throw new ModelVersionArchived(version);
  if (simulated) return baseModel;
  if (servingModelIdentifier === null) throw new ModelNotServable(modelName, version);
  return servingModelIdentifier;
};
