/** Starts the executions that build datasets. */
export interface Curations {
  /** Starting twice starts once. */
  start(curation: { tenantId: string; datasetId: string; run?: number | undefined }): Promise<void>;
}
