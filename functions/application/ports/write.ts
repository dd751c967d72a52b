import type { Agent } from '#domain/agent/agent';
import type { AgentQuota } from '#domain/agent/agent-quota';
import type { Artifact } from '#domain/artifact/artifact';
import type { Assignment } from '#domain/assignment/assignment';
import type { AssignmentResult } from '#domain/assignment/result';
import type { LogLine } from '#domain/assignment/work-event';
import type { CheckpointHead } from '#domain/checkpoint/checkpoint';
import type { ApiKey, StoredCredential } from '#domain/credential/principal';
import type { Dataset, DatasetBuild } from '#domain/dataset/dataset';
import type { EvaluatedPair } from '#domain/evaluation/evaluation';
import type { Replay } from '#domain/evaluation/replay';
import type { DomainEvent } from '#domain/event';
import type { Gate, Holder, Waiter } from '#domain/gate/gate';
import type { TallyChange } from '#domain/model/count-end';
import type { AliasMove, Model, ModelVersion } from '#domain/model/registered-model';
import type { SessionLive } from '#domain/session/live';
import type { Attempt, Session, SessionInput } from '#domain/session/session';
import type { Wait } from '#domain/session/wait';
import type { Tenant, User } from '#domain/tenant/tenant';
import type { MetricPoint } from '#domain/training-job/metric-point';
import type { TrainingInput, TrainingJob, TrainingLive } from '#domain/training-job/training-job';
import type { JobWait } from '#domain/training-job/wait';

/** Remembers the answer to a request that may be sent again. */
export interface IdempotencyRecord {
  readonly digest: string;
  readonly bodyHash: string;
  readonly status: number;
  /** The answer's body. */
  readonly body: string;
  /** Where what was made is found. */
  readonly location?: string | undefined;
  readonly rememberedAt: string;
  readonly expiresAt: string;
}

/** What a change of a model consists of. */
export type ModelWrite =
  | { readonly kind: 'model'; readonly before: Model | null; readonly after: Model }
  | { readonly kind: 'model-version'; readonly before: ModelVersion | null; readonly after: ModelVersion }
  | { readonly kind: 'alias-move'; readonly move: AliasMove }
  /** Added to what is there, whatever that is: only a commit that meets another one at the same moment fails for it, and wins when repeated. */
  | { readonly kind: 'tally'; readonly change: TallyChange };

/** What a change of a training job consists of. */
export type TrainingWrite =
  | { readonly kind: 'training-job'; readonly before: TrainingJob | null; readonly after: TrainingJob }
  /** Guarded by the head that is written with it, and never replaced. */
  | { readonly kind: 'training-input'; readonly jobId: string; readonly input: TrainingInput }
  | { readonly kind: 'training-live'; readonly before: TrainingLive | null; readonly after: TrainingLive }
  | {
      readonly kind: 'training-points';
      readonly jobId: string;
      readonly attempt: number;
      readonly points: readonly MetricPoint[];
    }
  | { readonly kind: 'replay'; readonly before: Replay | null; readonly after: Replay }
  /** Of an attempt; guarded by the live values that are written with them. */
  | {
      readonly kind: 'evaluated-pairs';
      readonly jobId: string;
      readonly attempt: number;
      readonly pairs: readonly EvaluatedPair[];
    }
  /** An open job uses a dataset, which must not be deleted meanwhile. */
  | { readonly kind: 'dataset-use' | 'dataset-use-removed'; readonly datasetId: string; readonly jobId: string }
  /** The job has ended, and with it whatever its execution waited for. */
  | { readonly kind: 'job-wait-removed'; readonly wait: JobWait }
  /** The version that a job makes, from its creation on; kept when it has made it, given back when it ends without one. */
  | {
      readonly kind: 'version-claim' | 'version-claim-kept' | 'version-claim-removed';
      readonly modelName: string;
      readonly version: string;
      readonly jobId: string;
    };

/**
 * One element of a transaction. `before` names what the change was made for: the commit fails with ConcurrentUpdate
 * when the stored entity is another one by then. `null` means that it must not exist yet.
 */
export type Write =
  | { readonly kind: 'session'; readonly before: Session | null; readonly after: Session }
  /** Guarded by the head that is written with it. `replaces` when there is one already. */
  | {
      readonly kind: 'session-input';
      readonly sessionId: string;
      readonly input: SessionInput;
      readonly replaces?: boolean;
    }
  | { readonly kind: 'session-live'; readonly before: SessionLive | null; readonly after: SessionLive }
  | { readonly kind: 'attempt'; readonly sessionId: string; readonly attempt: Attempt }
  | { readonly kind: 'event'; readonly event: DomainEvent; readonly eventId: string }
  | {
      readonly kind: 'log-page';
      readonly sessionId: string;
      readonly attempt: number;
      readonly lines: readonly LogLine[];
    }
  | { readonly kind: 'result'; readonly sessionId: string; readonly attempt: number; readonly result: AssignmentResult }
  | { readonly kind: 'diff'; readonly sessionId: string; readonly attempt: number; readonly diff: string }
  | { readonly kind: 'artifact'; readonly before: Artifact | null; readonly after: Artifact }
  | { readonly kind: 'session-erased'; readonly session: Session }
  | { readonly kind: 'assignment-erased'; readonly assignmentId: string }
  /** A new checkpoint; `data` only where it is small enough to stand beside the head. */
  | { readonly kind: 'checkpoint'; readonly checkpoint: CheckpointHead; readonly data?: string | undefined }
  | {
      readonly kind: 'work-checkpoint';
      readonly sessionId: string;
      readonly sequence: number;
      readonly data: string;
    }
  | {
      readonly kind: 'checkpoint-removed' | 'work-checkpoint-removed';
      readonly sessionId: string;
      readonly sequence: number;
    }
  /** Where the driver stands from now on: in the place of the wait seen, else unless a later run stands somewhere already. */
  | { readonly kind: 'wait'; readonly wait: Wait; readonly seen?: Wait | undefined }
  /** The session has ended, and with it whatever its execution waited for. */
  | { readonly kind: 'wait-removed'; readonly sessionId: string }
  | { readonly kind: 'assignment'; readonly before: Assignment | null; readonly after: Assignment }
  | { readonly kind: 'agent'; readonly before: Agent | null; readonly after: Agent }
  | { readonly kind: 'agent-quota'; readonly before: AgentQuota | null; readonly after: AgentQuota }
  | { readonly kind: 'agent-name'; readonly name: string; readonly agentId: string }
  | { readonly kind: 'gate'; readonly before: Gate | null; readonly after: Gate }
  | { readonly kind: 'holder-added' | 'holder-removed'; readonly gate: string; readonly holder: Holder }
  | { readonly kind: 'waiter-added' | 'waiter-removed'; readonly gate: string; readonly waiter: Waiter }
  | { readonly kind: 'dataset'; readonly before: Dataset | null; readonly after: Dataset }
  | { readonly kind: 'dataset-build'; readonly before: DatasetBuild | null; readonly after: DatasetBuild }
  /** The build has ended, unless it went on meanwhile. */
  | { readonly kind: 'dataset-build-removed'; readonly build: DatasetBuild }
  | TrainingWrite
  | ModelWrite
  | { readonly kind: 'tenant'; readonly before: Tenant | null; readonly after: Tenant }
  | { readonly kind: 'slug'; readonly slug: string; readonly tenantId: string }
  | { readonly kind: 'user'; readonly user: User }
  | { readonly kind: 'api-key'; readonly apiKey: ApiKey }
  | { readonly kind: 'credential'; readonly credential: StoredCredential }
  | { readonly kind: 'credential-removed'; readonly credentialId: string }
  | { readonly kind: 'idempotency'; readonly record: IdempotencyRecord };
