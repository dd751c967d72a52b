import { makeListDatasetItems } from './list-dataset-items.ts';
import type { DatasetFiles } from './ports/dataset-files.ts';
import type { DatasetStore } from './ports/tenant-store.ts';

/** What a comparison of models needs to know of a sample that nobody learned from. */
export interface EvalItem {
  /** The session that the sample was made of. */
  readonly sessionId: string;
  readonly rootSessionId: string;
  readonly contentHash: string;
  /** Whether the work can be done once more and judged. */
  readonly replayable: boolean;
}

const PAGE = 1000;

interface Line {
  readonly metadata: {
    readonly session_id: string;
    readonly root_session_id: string;
    readonly content_hash: string;
    readonly replayable: boolean;
  };
}

/** The eval part of a dataset, without its texts, in the order of its content hashes. @throws NotFound, DatasetNotReady */
export const makeReadEvalItems = ({ store, files }: { store: DatasetStore; files: DatasetFiles }) => {
  const listItems = makeListDatasetItems({ store, files });
  return async (datasetId: string): Promise<readonly EvalItem[]> => {
    const items: EvalItem[] = [];
    for (let from: number | undefined = 0; from !== undefined; ) {
      const page = await listItems({ datasetId, part: 'eval' }, { limit: PAGE, from });
      for (const { metadata } of page.items as readonly Line[])
        items.push({
          sessionId: metadata.session_id,
          rootSessionId: metadata.root_session_id,
          contentHash: metadata.content_hash,
          replayable: metadata.replayable,
        });
      from = page.next === undefined ? undefined : Number(page.next);
    }
    return items.toSorted((a, b) => (a.contentHash < b.contentHash ? -1 : 1));
  };
};
