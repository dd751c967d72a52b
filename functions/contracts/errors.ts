/** How the API answers an error code. Domain errors name the code; this table says the rest. */
export interface ErrorRow {
  readonly status: number;
  readonly retryable: boolean;
  readonly title: string;
  readonly remedy: string;
}

const row = (status: number, title: string, remedy: string, retryable = false): ErrorRow => ({
  status,
  title,
  remedy,
  retryable,
});

const notFound = (entity: string) =>
  row(404, `${entity} not found`, 'Check the id, and that the credential belongs to the tenant that has it.');

export const errors = {
  MALFORMED_JSON: row(400, 'Malformed JSON', 'Send one JSON object in UTF-8.'),
  INVALID_CURSOR: row(400, 'Invalid cursor', 'Start the list anew without a cursor.'),
  INVALID_TENANT_ID: row(400, 'Invalid tenant id', 'Send a ULID in X-Tenant-ID, or leave the header out.'),
  UNAUTHENTICATED: row(401, 'Not authenticated', 'Send a valid credential: Authorization: Bearer <API key>.'),
  INVALID_AGENT_TOKEN: row(401, 'Invalid agent token', 'Register the agent again and use the token of the answer.'),
  FORBIDDEN: row(403, 'Forbidden', 'Ask a lead of the tenant for the role that this operation needs.'),
  ROLE_TOO_HIGH: row(403, 'Role too high', 'Ask for a role that is not above your own.'),
  TENANT_MISMATCH: row(
    403,
    'Tenant mismatch',
    'Name in X-Tenant-ID a tenant that the credential grants, or leave it out to use its own.',
  ),
  ROUTE_NOT_FOUND: row(404, 'No such route', 'See /openapi.json for the paths that exist.'),
  TENANT_NOT_FOUND: notFound('Tenant'),
  SESSION_NOT_FOUND: notFound('Session'),
  CHECKPOINT_NOT_FOUND: notFound('Checkpoint'),
  ARTIFACT_NOT_FOUND: notFound('Artifact'),
  AGENT_NOT_FOUND: notFound('Agent'),
  ASSIGNMENT_NOT_FOUND: notFound('Assignment'),
  DATASET_NOT_FOUND: notFound('Dataset'),
  MODEL_NOT_FOUND: notFound('Model'),
  MODEL_VERSION_NOT_FOUND: row(
    404,
    'Model version not found',
    'Name a version of the model, or an alias that points to one.',
  ),
  TRAINING_JOB_NOT_FOUND: notFound('Training job'),
  EVALUATION_NOT_FOUND: row(404, 'No evaluation', 'Wait until the job was evaluated; one without a gate never is.'),
  METHOD_NOT_ALLOWED: row(405, 'Method not allowed', 'Use one of the methods in the Allow header.'),
  INVALID_TRANSITION: row(409, 'Invalid transition', 'Read the session; allowed_operations lists what it accepts now.'),
  NOT_RETRYABLE: row(
    409,
    'Not retryable',
    'No attempt is left: create a new session, or let a lead retry with force: true.',
  ),
  AGENT_ALREADY_EXISTS: row(
    409,
    'Agent exists',
    'Choose another name, or set replace: true with the credential that registered it.',
  ),
  STALE_FENCING_TOKEN: row(
    409,
    'Stale fencing token',
    'Send the token of the newest grant; whoever has an older one stops and discards the work.',
  ),
  ASSIGNMENT_CLOSED: row(409, 'Assignment closed', 'Stop the work and discard it.'),
  ASSIGNMENT_DEADLINE_PASSED: row(409, 'Deadline passed', 'Stop the work and send the result.'),
  RESULT_CONFLICT: row(409, 'Result conflict', 'Stop: another result was accepted.'),
  DATASET_NOT_READY: row(409, 'Dataset not ready', 'Wait for dataset.ready; see the status of the dataset.', true),
  MODEL_VERSION_EXISTS: row(
    409,
    'Model version exists',
    'Name another version, or leave version out and let bump choose one.',
  ),
  DATASET_IN_USE: row(409, 'Dataset in use', 'Cancel the training jobs that use it, or wait for their end.'),
  TRAINING_DATA_DISABLED: row(
    409,
    'Training data disabled',
    'Let a lead set training_data_enabled in the settings of the tenant.',
  ),
  MODEL_NOT_APPROVED: row(
    409,
    'Model not approved',
    'Promote an approved one, or set force: true with a reason; rules says what was not held.',
  ),
  MODEL_VERSION_ARCHIVED: row(409, 'Model version archived', 'Use another version.'),
  MODEL_VERSION_IN_USE: row(409, 'Model version in use', 'Move the aliases that point to it, then archive it.'),
  NOTHING_TO_ROLL_BACK: row(409, 'Nothing to roll back', 'Promote the version that the alias is to point to.'),
  MODEL_NOT_SERVABLE: row(
    409,
    'Model not servable',
    'Promote it once more with the serving_model_identifier that agents reach it by.',
  ),
  TENANT_SLUG_TAKEN: row(409, 'Slug taken', 'Choose another slug.'),
  ALREADY_BOOTSTRAPPED: row(409, 'Already bootstrapped', 'Use the credential of the admin that exists.'),
  IDEMPOTENCY_IN_PROGRESS: row(
    409,
    'Idempotency key in progress',
    'Send the request again after Retry-After: the first one with this key has not ended.',
    true,
  ),
  CONCURRENT_UPDATE: row(409, 'Concurrent update', 'Send the request again.', true),
  PRECONDITION_FAILED: row(412, 'Precondition failed', 'Read the entity again and decide anew.'),
  ARTIFACT_TOO_LARGE: row(413, 'Artifact too large', 'Split the file, or leave it out.'),
  PAYLOAD_TOO_LARGE: row(413, 'Payload too large', 'Send less at once.'),
  UNSUPPORTED_MEDIA_TYPE: row(415, 'Unsupported media type', 'Send Content-Type: application/json.'),
  VALIDATION_ERROR: row(422, 'Validation error', 'Correct the named fields.'),
  DATASET_EMPTY: row(
    422,
    'Dataset empty',
    'Make a dataset with wider filters; counts of this one say what was left out.',
  ),
  DATASET_TOO_SMALL: row(422, 'Dataset too small', 'Make a dataset with more samples.'),
  INSTANCE_TYPE_UNKNOWN: row(422, 'Instance type unknown', 'Use one of known.'),
  IDEMPOTENCY_KEY_REUSED: row(422, 'Idempotency key reused', 'Use a new Idempotency-Key for another request.'),
  UNSUPPORTED_PROTOCOL_VERSION: row(422, 'Unsupported protocol version', 'Use one of supported_versions.'),
  CAPABILITIES_REQUIRED: row(422, 'Capabilities required', 'Name at least one capability.'),
  ARTIFACT_MISMATCH: row(
    422,
    'Artifact mismatch',
    'Announce the file anew, upload exactly the announced bytes, and name the new artifact.',
  ),
  RESULT_TASK_MISMATCH: row(422, 'Task mismatch', 'Send the task_id of the assignment.'),
  RATE_LIMITED: row(429, 'Rate limited', 'Wait as long as Retry-After says, then send the request again.', true),
  QUOTA_EXCEEDED: row(429, 'Quota exceeded', 'Wait, free some, or ask the admin for more.', true),
  INTERNAL_ERROR: row(
    500,
    'Internal error',
    'Send the request again with the same Idempotency-Key; if it persists, report the request_id.',
    true,
  ),
  AGENT_UNAVAILABLE: row(
    503,
    'No agent available',
    'Start an agent that fits, or wait until one is free; stages says how many each stage left.',
    true,
  ),
  TIMEOUT: row(503, 'Timeout', 'Send the request again.', true),
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof errors;
