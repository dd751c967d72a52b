/** Limits of what an agent may send, checked where it is read and told where an agent asks for them. */
export const EAP_LIMITS = {
  requestBytes: 1024 * 1024,
  eventsPerBatch: 100,
  batchBytes: 320 * 1024,
  outputBytes: 256 * 1024,
  diffCharacters: 128 * 1024,
  maxAssignmentsPerClaim: 10,
} as const;
