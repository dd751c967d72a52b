import * as z from 'zod';
import {
  CreateDatasetRequest,
  Dataset,
  DatasetItemList,
  DatasetList,
  ListDatasetItemsQuery,
  ListDatasetsQuery,
} from './dataset.ts';
import { NoContent, Ulid } from './primitives.ts';
import type { Route } from './route.ts';

const DATASETS = '/api/v1/fine-tuning/datasets';
const DatasetPath = z.strictObject({ dataset_id: Ulid });

/** Operations on datasets. */
export const datasetRoutes = {
  createDataset: {
    operationId: 'create_dataset',
    method: 'POST',
    path: DATASETS,
    role: 'member',
    group: 'fine-tuning-command',
    summary: "Begins to make a dataset of the tenant's successful sessions.",
    success: 202,
    body: CreateDatasetRequest,
    response: Dataset,
    errors: ['TENANT_NOT_FOUND', 'TRAINING_DATA_DISABLED', 'IDEMPOTENCY_KEY_REUSED', 'CONCURRENT_UPDATE'],
  },
  listDatasets: {
    operationId: 'list_datasets',
    method: 'GET',
    path: DATASETS,
    role: 'viewer',
    group: 'fine-tuning-query',
    summary: 'Lists datasets, newest first.',
    success: 200,
    query: ListDatasetsQuery,
    response: DatasetList,
    errors: ['INVALID_CURSOR'],
  },
  getDataset: {
    operationId: 'get_dataset',
    method: 'GET',
    path: `${DATASETS}/{dataset_id}`,
    role: 'viewer',
    group: 'fine-tuning-query',
    summary: 'Shows a dataset, and where its files can be downloaded for five minutes.',
    success: 200,
    params: DatasetPath,
    response: Dataset,
    errors: ['DATASET_NOT_FOUND'],
  },
  listDatasetItems: {
    operationId: 'list_dataset_items',
    method: 'GET',
    path: `${DATASETS}/{dataset_id}/items`,
    role: 'member',
    group: 'fine-tuning-query',
    summary: 'Shows samples in the order of their file, at most 1 MiB at a time.',
    success: 200,
    params: DatasetPath,
    query: ListDatasetItemsQuery,
    response: DatasetItemList,
    errors: ['DATASET_NOT_FOUND', 'DATASET_NOT_READY', 'INVALID_CURSOR'],
  },
  deleteDataset: {
    operationId: 'delete_dataset',
    method: 'DELETE',
    path: `${DATASETS}/{dataset_id}`,
    role: 'lead',
    group: 'fine-tuning-command',
    summary: 'Deletes the files of a dataset; its record and checksum stay.',
    success: 204,
    params: DatasetPath,
    response: NoContent,
    errors: ['DATASET_NOT_FOUND', 'DATASET_NOT_READY', 'DATASET_IN_USE', 'PRECONDITION_FAILED', 'CONCURRENT_UPDATE'],
  },
} as const satisfies Record<string, Route>;
