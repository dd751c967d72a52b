import type { Agent } from '#domain/agent/agent';
import type { AgentQuota } from '#domain/agent/agent-quota';
import type { Artifact } from '#domain/artifact/artifact';
import type { Assignment } from '#domain/assignment/assignment';
import type { AssignmentResult } from '#domain/assignment/result';
import type { LogLine } from '#domain/assignment/work-event';
import type { Checkpoint, CheckpointHead } from '#domain/checkpoint/checkpoint';
import type { Dataset, DatasetBuild } from '#domain/dataset/dataset';
import type { Gate, Holder, Waiter } from '#domain/gate/gate';
import type { SessionLive } from '#domain/session/live';
import type { Attempt, Session, SessionInput } from '#domain/session/session';
import type { Wait } from '#domain/session/wait';
import type { Tenant } from '#domain/tenant/tenant';
import type { ModelStore } from './model-store.ts';
import type { Page, StoredEvent } from './page.ts';
import type { TrainingStore } from './training-store.ts';
import type { IdempotencyRecord, Write } from './write.ts';

/** Commits a change whole. Everything a change consists of is one call. */
export interface Ledger {
  /** @throws ConcurrentUpdate when something the change was made for has moved; then nothing is written */
  commit(writes: readonly Write[]): Promise<void>;
}

/** What an attempt was given and handed back, as far as it is there. */
export interface SessionWork {
  readonly input?: SessionInput | undefined;
  /** Who did the work last. */
  readonly agentId?: string | undefined;
  readonly result?: AssignmentResult | undefined;
  readonly diff?: string | undefined;
}

export interface SessionStore {
  /** @throws NotFound, for a deleted one, too */
  getSession(sessionId: string): Promise<Session>;
  /** Whether it was deleted or not. */
  findSession(sessionId: string): Promise<Session | undefined>;
  findInput(sessionId: string): Promise<SessionInput | undefined>;
  findLive(sessionId: string): Promise<SessionLive | undefined>;
  findAttempt(sessionId: string, attempt: number): Promise<Attempt | undefined>;
  /** Newest first; `next` is the number of the last one. */
  listAttempts(sessionId: string, query: { limit: number; before?: number | undefined }): Promise<Page<Attempt>>;
  findResult(sessionId: string, attempt: number): Promise<AssignmentResult | undefined>;
  findDiff(sessionId: string, attempt: number): Promise<string | undefined>;
  /** Newest first, deleted ones too. Index reads: a session created a moment ago may be missing. */
  listSessions(query: { limit: number; after?: string | undefined }): Promise<Page<Session>>;
  /** In the order of the ids; unknown ones are left out. */
  findSessions(sessionIds: readonly string[]): Promise<readonly Session[]>;
  /** Live values by session; one that never ran has none. */
  findLives(sessionIds: readonly string[]): Promise<ReadonlyMap<string, SessionLive>>;
  /** Oldest first. */
  listEvents(sessionId: string, query: { afterSeq: number; limit: number }): Promise<Page<StoredEvent>>;
  listLogs(sessionId: string, query: { attempt: number; afterLogSeq: number; limit: number }): Promise<Page<LogLine>>;
}

export interface WorkStore {
  /** What the newest attempts of sessions were given and handed back, by session. */
  findWorks(sessions: readonly Pick<Session, 'id' | 'attempt'>[]): Promise<ReadonlyMap<string, SessionWork>>;
}

export interface CheckpointStore {
  findCheckpoint(sessionId: string, sequence: number): Promise<Checkpoint | undefined>;
  /** Highest sequence first. `data` is present when it was asked for. */
  listCheckpoints(
    sessionId: string,
    query: { limit: number; beforeSequence?: number | undefined; withData: boolean },
  ): Promise<Page<CheckpointHead & { readonly data?: string | undefined }>>;
}

export interface ArtifactStore {
  findArtifact(sessionId: string, artifactId: string): Promise<Artifact | undefined>;
  /** In the order they were announced. */
  listArtifacts(sessionId: string, query: { after?: string | undefined; limit: number }): Promise<Page<Artifact>>;
}

export interface ErasureStore {
  /** Removes up to `limit` items that stand beside a session's head, for good; answers how many there were. */
  erasePartsOf(sessionId: string, limit: number): Promise<number>;
}

export interface WaitStore {
  /** Stores the token of a state, unless a later run waits already; then answers false. */
  putWait(wait: Wait): Promise<boolean>;
  findWait(sessionId: string): Promise<Wait | undefined>;
  /** Puts another wait in the place of this one, if it still is this one; answers whether it was. */
  replaceWait(seen: Wait, next: Wait): Promise<boolean>;
  /** Deletes the wait if it still is this one. */
  removeWait(wait: Wait): Promise<void>;
}

export interface GateStore {
  findGate(name: string): Promise<Gate | undefined>;
  findHolder(name: string, owner: string): Promise<Holder | undefined>;
  firstWaiter(name: string): Promise<Waiter | undefined>;
  /** In their order. */
  listWaiters(name: string, limit: number): Promise<readonly Waiter[]>;
  listHolders(name: string): Promise<readonly Holder[]>;
}

export interface AssignmentStore {
  /** @throws NotFound */
  getAssignment(assignmentId: string): Promise<Assignment>;
  findAssignment(assignmentId: string): Promise<Assignment | undefined>;
  /** The dispatch queue in order, behind the queue key `after` if it is given. Index reads: claim by condition. */
  listPending(limit: number, after?: string): Promise<readonly Assignment[]>;
  /** Open assignments that an agent holds or that are routed to it. Index reads. */
  listHeld(agentId: string): Promise<readonly Assignment[]>;
  /** What an agent was granted and has not given back: open ones first, each group newest first. Index reads. */
  listGranted(
    agentId: string,
    query: { limit: number; after?: string | undefined; open?: boolean | undefined },
  ): Promise<Page<Assignment>>;
}

export interface AgentStore {
  /** @throws NotFound */
  getAgent(agentId: string): Promise<Agent>;
  findAgentId(name: string): Promise<string | undefined>;
  findAgentQuota(): Promise<AgentQuota | undefined>;
  /** Newest first. Index reads: an agent registered a moment ago may be missing. */
  listAgents(query: { limit: number; after?: string | undefined }): Promise<Page<Agent>>;
}

export interface DatasetStore {
  /** Deleted ones, too: their record stays. @throws NotFound */
  getDataset(datasetId: string): Promise<Dataset>;
  findDatasetBuild(datasetId: string): Promise<DatasetBuild | undefined>;
  /** Newest first, deleted ones too. Index reads: a dataset created a moment ago may be missing. */
  listDatasets(query: { limit: number; after?: string | undefined }): Promise<Page<Dataset>>;
}

export interface IdempotencyStore {
  findIdempotency(digest: string): Promise<IdempotencyRecord | undefined>;
}

export interface TenantReader {
  /** @throws NotFound */
  getTenant(): Promise<Tenant>;
}

/** Everything stored of one tenant. A repository is made for one tenant and cannot name another. */
export interface TenantStore
  extends Ledger,
    SessionStore,
    WorkStore,
    CheckpointStore,
    ArtifactStore,
    ErasureStore,
    WaitStore,
    GateStore,
    AssignmentStore,
    AgentStore,
    DatasetStore,
    TrainingStore,
    ModelStore,
    IdempotencyStore,
    TenantReader {
  readonly tenantId: string;
}
