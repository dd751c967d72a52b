/** Work whose time may have come, across tenants. Only sweepers read it. */
export interface DueWork {
  /** Assignments whose lease was due to be looked at by `until` (ISO). Index reads. */
  dueLeases(until: string, limit: number): Promise<readonly { tenantId: string; assignmentId: string }[]>;
  /** Agents that were due to be looked at for signs of life by `until` (ISO). Index reads. */
  dueAgents(until: string, limit: number): Promise<readonly { tenantId: string; agentId: string }[]>;
  /** Gates that were due to be recounted by `until` (ISO). Index reads. */
  dueGates(until: string, limit: number): Promise<readonly { tenantId: string; gate: string }[]>;
  /** Tenants with work that nobody has or is kept for, in the order of their ids. Index reads, one per tenant. */
  tenantsWithWaitingWork(limit: number): Promise<readonly string[]>;
  /** Sessions whose driver was due to be looked at by `until` (ISO). Index reads. */
  dueWaits(until: string, limit: number): Promise<readonly { tenantId: string; sessionId: string }[]>;
  /** Datasets whose build was due to be looked at by `until` (ISO). Index reads. */
  dueBuilds(until: string, limit: number): Promise<readonly { tenantId: string; datasetId: string }[]>;
  /** Deleted sessions that were due to be erased by `until` (ISO). Index reads. */
  dueErasures(until: string, limit: number): Promise<readonly { tenantId: string; sessionId: string }[]>;
  /** A page of training jobs that were due to be looked at by `until` (ISO), longest due first; `next` begins the one after it. Index reads. */
  dueTraining(
    until: string,
    page: { readonly limit: number; readonly after?: string | undefined },
  ): Promise<{
    readonly items: readonly { readonly tenantId: string; readonly jobId: string; readonly dueAt: string }[];
    readonly next?: string | undefined;
  }>;
}
