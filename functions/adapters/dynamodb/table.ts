/**
 * The one file that knows keys. Every key begins with the tenant, except the credentials and slugs that the authorizer resolves.
 *
 * | pattern | caller | index | key | read |
 * |---|---|---|---|---|
 * | one session, its input, live values, wait, attempt, result, diff | sessions, workflow | table | `T#<tenant>#S#<session>` + name | strong |
 * | events of a session after a seq | list events | table | sk > `E#<seq>` | strong |
 * | checkpoints of a session, newest first | sessions, claim | table | `CP#<sequence>`, large data named by `CPD#<sequence>` | strong |
 * | files of a session | sessions, presign, eap | table | `ART#<artifact>` | strong |
 * | log pages of an attempt after a log_seq | list logs | table | sk around `L#<attempt>#<log_seq>` | strong |
 * | sessions of a tenant, newest first | list sessions | gsi1 | `T#<tenant>#S` by id | eventual |
 * | assignments of an agent, also those routed to it, open ones apart from ended ones | claim, register, eap | gsi1 | `T#<tenant>#A#<agent>#N` by `open#`/`ended#` + id | eventual |
 * | agents of a tenant, newest first | list agents, dispatch | gsi1 | `T#<tenant>#A` by id | eventual |
 * | pending assignments of a tenant in dispatch order | claim | gsi2 | `T#<tenant>#N#pending` by queue key | eventual |
 * | leases that may have run out, agents that may be silent, drivers that may be lost, gates to be recounted, deleted sessions to erase, trainings under way, builds of datasets | sweeper, poller | gsi3 | `DUE#<kind>#<shard>` by time | eventual |
 * | tenants with work that waits for an agent | sweeper | gsi3 | `DUE#work#<shard>` by tenant + id | eventual |
 * | gate, its holders, its waiters in order | sessions, workflow | table | `T#<tenant>#G#<gate>` + `GATE`, `H#`, `W#` | strong |
 * | agent by id, by name; how many there are | eap, agents | table | `T#<tenant>#A#<agent>`, `T#<tenant>` + `AGENT#<name>`, `AGENTS` | strong |
 * | dataset, how far its build has come, open jobs that use it | fine-tuning | table | `T#<tenant>#D#<dataset>` + `DATASET`, `BUILD`, `USE#<job>` | strong |
 * | datasets of a tenant, newest first | list datasets | gsi1 | `T#<tenant>#D` by id | eventual |
 * | training job, its input, live values, wait, points, replayed and compared pairs, events | fine-tuning, workflow | table | `T#<tenant>#F#<job>` + name | strong |
 * | training jobs of a tenant, newest first | list jobs | gsi1 | `T#<tenant>#F` by id | eventual |
 * | model, its versions in their order, moves of its aliases | fine-tuning, workflow | table | `T#<tenant>#M#<model>` + `MODEL`, `V#<version>`, `MOVE#<seq>` | strong |
 * | what ended sessions come to, by the version that served them and by the arm of a trial | get version, list trials | table | `T#<tenant>#C#<model>` + `TALLY#<version>`, `TALLY#<trial>#<arm>` | strong |
 * | models of a tenant | list models | gsi1 | `T#<tenant>#M` by name | eventual |
 * | versions of a model that exist or are made | create job | table | `T#<tenant>#M#<model>` + `CLAIM#<version>` | strong |
 * | credential by its public id | authorizer | table | `KEY#<credential id>` | strong |
 */

/** Attribute names that CloudFormation and the adapters share. */
export const TABLE = {
  pk: 'pk',
  sk: 'sk',
  ttl: 'ttl',
  indexes: {
    gsi1: { pk: 'gsi1pk', sk: 'gsi1sk' },
    gsi2: { pk: 'gsi2pk', sk: 'gsi2sk' },
    gsi3: { pk: 'gsi3pk', sk: 'gsi3sk' },
  },
  /** What every index holds of an item: a status change rewrites none, and whoever lists reads the items by key. */
  projection: 'KEYS_ONLY',
} as const;

export type IndexName = keyof typeof TABLE.indexes;

/** Primary key of one item. */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** Platform-wide partitions that a tenant's own functions may write on condition that the item is new. */
export const CREDENTIAL_PREFIX = 'KEY#';
export const SLUG_PREFIX = 'SLUG#';

/** Shards of due work; one is enough until a stage has thousands of leases or agents at a time. */
export const DUE_SHARDS = ['0'] as const;

const SEQ_DIGITS = 10;
const padded = (n: number) => String(n).padStart(SEQ_DIGITS, '0');

const tenant = (tenantId: string) => `T#${tenantId}`;

export const tenantKey = (tenantId: string): Key => ({ pk: tenant(tenantId), sk: 'TENANT' });
export const userKey = (tenantId: string, userId: string): Key => ({ pk: tenant(tenantId), sk: `USER#${userId}` });
export const apiKeyKey = (tenantId: string, id: string): Key => ({ pk: tenant(tenantId), sk: `KEY#${id}` });
export const agentNameKey = (tenantId: string, name: string): Key => ({ pk: tenant(tenantId), sk: `AGENT#${name}` });
export const agentQuotaKey = (tenantId: string): Key => ({ pk: tenant(tenantId), sk: 'AGENTS' });
export const credentialKey = (credentialId: string): Key => ({
  pk: `${CREDENTIAL_PREFIX}${credentialId}`,
  sk: 'CREDENTIAL',
});
export const slugKey = (slug: string): Key => ({ pk: `${SLUG_PREFIX}${slug}`, sk: 'SLUG' });

const session = (tenantId: string, sessionId: string) => `${tenant(tenantId)}#S#${sessionId}`;
export const sessionKey = (tenantId: string, sessionId: string): Key => ({
  pk: session(tenantId, sessionId),
  sk: 'SESSION',
});
export const sessionInputKey = (tenantId: string, sessionId: string): Key => ({
  pk: session(tenantId, sessionId),
  sk: 'INPUT',
});
export const sessionLiveKey = (tenantId: string, sessionId: string): Key => ({
  pk: session(tenantId, sessionId),
  sk: 'LIVE',
});
export const waitKey = (tenantId: string, sessionId: string): Key => ({ pk: session(tenantId, sessionId), sk: 'WAIT' });
export const attemptKey = (tenantId: string, sessionId: string, attempt: number): Key => ({
  pk: session(tenantId, sessionId),
  sk: `ATTEMPT#${padded(attempt)}`,
});
export const resultKey = (tenantId: string, sessionId: string, attempt: number): Key => ({
  pk: session(tenantId, sessionId),
  sk: `RESULT#${padded(attempt)}`,
});
export const diffKey = (tenantId: string, sessionId: string, attempt: number): Key => ({
  pk: session(tenantId, sessionId),
  sk: `DIFF#${padded(attempt)}`,
});
export const checkpointKey = (tenantId: string, sessionId: string, sequence: number): Key => ({
  pk: session(tenantId, sessionId),
  sk: `CP#${padded(sequence)}`,
});
export const checkpointDataKey = (tenantId: string, sessionId: string, sequence: number): Key => ({
  pk: session(tenantId, sessionId),
  sk: `CPD#${padded(sequence)}`,
});
export const artifactKey = (tenantId: string, sessionId: string, artifactId: string): Key => ({
  pk: session(tenantId, sessionId),
  sk: `ART#${artifactId}`,
});
export const logPageKey = (tenantId: string, sessionId: string, attempt: number, firstLogSeq: number): Key => ({
  pk: session(tenantId, sessionId),
  sk: `L#${padded(attempt)}#${padded(firstLogSeq)}`,
});
export const sessionsByTime = (tenantId: string) => `${tenant(tenantId)}#S`;

/** Key of an event in the partition of its aggregate, such as `session:<id>`. */
export const eventKey = (tenantId: string, stream: string, seq: number): Key => ({
  pk: streamPartition(tenantId, stream),
  sk: `E#${padded(seq)}`,
});

const STREAM_LETTER: Readonly<Record<string, string>> = {
  session: 'S',
  agent: 'A',
  dataset: 'D',
  training_job: 'F',
  model: 'M',
};

/** Partition of the aggregate that a stream belongs to. Throws on a stream that no aggregate has. */
export const streamPartition = (tenantId: string, stream: string): string => {
  const [kind = '', id = ''] = stream.split(':');
  if (kind === 'tenant') return tenant(tenantId);
  const letter = STREAM_LETTER[kind];
  if (letter === undefined || id === '') throw new Error(`no partition for stream ${stream}`);
  return `${tenant(tenantId)}#${letter}#${id}`;
};

export const assignmentKey = (tenantId: string, assignmentId: string): Key => ({
  pk: `${tenant(tenantId)}#N#${assignmentId}`,
  sk: 'ASSIGNMENT',
});
export const assignmentsOfAgent = (tenantId: string, agentId: string) => `${tenant(tenantId)}#A#${agentId}#N`;
export const dispatchQueue = (tenantId: string) => `${tenant(tenantId)}#N#pending`;

export const agentKey = (tenantId: string, agentId: string): Key => ({
  pk: `${tenant(tenantId)}#A#${agentId}`,
  sk: 'AGENT',
});

export const agentsByTime = (tenantId: string) => `${tenant(tenantId)}#A`;

const dataset = (tenantId: string, datasetId: string) => `${tenant(tenantId)}#D#${datasetId}`;
export const datasetKey = (tenantId: string, datasetId: string): Key => ({
  pk: dataset(tenantId, datasetId),
  sk: 'DATASET',
});
export const datasetBuildKey = (tenantId: string, datasetId: string): Key => ({
  pk: dataset(tenantId, datasetId),
  sk: 'BUILD',
});
export const datasetUseKey = (tenantId: string, datasetId: string, jobId: string): Key => ({
  pk: dataset(tenantId, datasetId),
  sk: `USE#${jobId}`,
});
export const datasetsByTime = (tenantId: string) => `${tenant(tenantId)}#D`;
const trainingJob = (tenantId: string, jobId: string) => `${tenant(tenantId)}#F#${jobId}`;
export const trainingJobKey = (tenantId: string, jobId: string): Key => ({
  pk: trainingJob(tenantId, jobId),
  sk: 'JOB',
});
export const trainingInputKey = (tenantId: string, jobId: string): Key => ({
  pk: trainingJob(tenantId, jobId),
  sk: 'INPUT',
});
export const trainingLiveKey = (tenantId: string, jobId: string): Key => ({
  pk: trainingJob(tenantId, jobId),
  sk: 'LIVE',
});
export const jobWaitKey = (tenantId: string, jobId: string): Key => ({ pk: trainingJob(tenantId, jobId), sk: 'WAIT' });
export const trainingPointsKey = (tenantId: string, jobId: string, attempt: number, firstStep: number): Key => ({
  pk: trainingJob(tenantId, jobId),
  sk: `P#${padded(attempt)}#${padded(firstStep)}`,
});
export const evaluatedPairsKey = (tenantId: string, jobId: string, attempt: number): Key => ({
  pk: trainingJob(tenantId, jobId),
  sk: `PAIRS#${padded(attempt)}`,
});
export const replayKey = (tenantId: string, jobId: string, attempt: number): Key => ({
  pk: trainingJob(tenantId, jobId),
  sk: `REPLAY#${padded(attempt)}`,
});
export const trainingJobsByTime = (tenantId: string) => `${tenant(tenantId)}#F`;
const model = (tenantId: string, modelName: string) => `${tenant(tenantId)}#M#${modelName}`;
export const modelKey = (tenantId: string, modelName: string): Key => ({ pk: model(tenantId, modelName), sk: 'MODEL' });
/** By a text that sorts as the version does, so that a list by key is a list by version. */
export const modelVersionKey = (tenantId: string, modelName: string, version: string): Key => ({
  pk: model(tenantId, modelName),
  sk: `V#${version}`,
});
export const aliasMoveKey = (tenantId: string, modelName: string, seq: number): Key => ({
  pk: model(tenantId, modelName),
  sk: `MOVE#${padded(seq)}`,
});
/**
 * Apart from the version, which never changes: every end of a session adds to it, and whoever ends sessions may add to nothing else of
 * a model. By the text of the version, or the arm of a trial.
 */
export const tallyKey = (tenantId: string, modelName: string, counted: string): Key => ({
  pk: `${tenant(tenantId)}#C#${modelName}`,
  sk: `TALLY#${counted}`,
});
export const modelsByName = (tenantId: string) => `${tenant(tenantId)}#M`;
export const versionClaimKey = (tenantId: string, modelName: string, version: string): Key => ({
  pk: model(tenantId, modelName),
  sk: `CLAIM#${version}`,
});

const gate = (tenantId: string, name: string) => `${tenant(tenantId)}#G#${name}`;
export const gateKey = (tenantId: string, name: string): Key => ({ pk: gate(tenantId, name), sk: 'GATE' });
export const holderKey = (tenantId: string, name: string, owner: string): Key => ({
  pk: gate(tenantId, name),
  sk: `H#${owner}`,
});

const ADJUSTED_DIGITS = 15;
export const waiterKey = (tenantId: string, name: string, waiter: { adjustedMs: number; ticket: string }): Key => ({
  pk: gate(tenantId, name),
  sk: `W#${String(waiter.adjustedMs).padStart(ADJUSTED_DIGITS, '0')}#${waiter.ticket}`,
});

export const idempotencyKey = (tenantId: string, digest: string): Key => ({
  pk: `${tenant(tenantId)}#I#${digest}`,
  sk: 'IDEMPOTENCY',
});

const SEPARATOR = '#';

/** Tenant and id of an assignment, agent or session, or name of a gate, read from a key of its partition. */
export const ownerOfKey = ({ pk }: Key): { tenantId: string; id: string } => {
  const [, tenantId = '', , id = ''] = pk.split(SEPARATOR);
  return { tenantId, id };
};

/** Sort-key prefixes of what stands beside each other in one partition. */
export const PREFIX = {
  event: 'E#',
  attempt: 'ATTEMPT#',
  holder: 'H#',
  waiter: 'W#',
  checkpoint: 'CP#',
  /** What an agent was granted; backwards, open ones come first. */
  granted: (open: boolean) => (open ? 'open#' : 'ended#'),
  artifact: 'ART#',
  logs: (attempt: number) => `L#${padded(attempt)}#`,
  points: (attempt: number) => `P#${padded(attempt)}#`,
  modelVersion: 'V#',
  aliasMove: 'MOVE#',
  versionClaim: 'CLAIM#',
  datasetUse: 'USE#',
} as const;

/** What may be due. */
export type DueKind = 'lease' | 'agent' | 'wait' | 'work' | 'gate' | 'erasure' | 'training' | 'build';

/** Behind everything of a tenant in an index of due work that is in the order of tenants. */
export const behindTenant = (tenantId: string) => `${tenantId}${SEPARATOR}~`;

/** Index partition of due work of one kind. */
export const dueWork = (kind: DueKind, shard: string) => `DUE#${kind}#${shard}`;
