/** Work whose time may have come, across tenants. Only sweepers read it. */
export interface DueWork {
  /** Assignments whose lease was due to be looked at by `until` (ISO). Index reads. */
  dueLeases(until: string, limit: number): Promise<readonly { tenantId: string; assignmentId: string }[]>;
}
