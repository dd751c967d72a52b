import type { makeCreateDataset } from '#application/create-dataset';
import { toWire } from '#contracts/wire-case';

type Dataset = Awaited<ReturnType<ReturnType<typeof makeCreateDataset>>>;

/** A dataset as the API shows it. */
export const presentDataset = (dataset: Dataset) => {
  const { description, sha256, readyAt } = dataset;
  const nullable = { description: description ?? null, sha256: sha256 ?? null, readyAt: readyAt ?? null };
  return toWire({ ...dataset, ...nullable }) as object;
};
