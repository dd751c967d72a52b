import type { TallyChange } from '#domain/model/count-end';
import type { AliasMove, Model, ModelVersion } from '#domain/model/registered-model';
import type { Tally } from '#domain/model/tally';
import type { Page } from './page.ts';

/** Whose sessions are counted together: those of a version, or of an arm of a trial. */
export type Tallied = TallyChange['of'];

/** Models of one tenant, their versions and the moves of their aliases. */
export interface ModelStore {
  /** @throws NotFound */
  getModel(modelName: string): Promise<Model>;
  findModel(modelName: string): Promise<Model | undefined>;
  /** By name. Index reads: a model made a moment ago may be missing. */
  listModels(query: { limit: number; after?: string | undefined }): Promise<Page<Model>>;
  findModelVersion(modelName: string, version: string): Promise<ModelVersion | undefined>;
  /** The highest first; `next` is a version. */
  listModelVersions(
    modelName: string,
    query: { limit: number; after?: string | undefined },
  ): Promise<Page<ModelVersion>>;
  /** The newest first; `next` is the number of the last one's event. */
  listAliasMoves(modelName: string, query: { limit: number; before?: number | undefined }): Promise<Page<AliasMove>>;
  /** In the order of those asked for; of one that no session has ended for, all 0. */
  findTallies(modelName: string, of: readonly Tallied[]): Promise<readonly Tally[]>;
}
