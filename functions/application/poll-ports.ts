import type { Evaluate } from './evaluate-model.ts';
import type { Clock } from './ports/clock.ts';
import type { TaskTokens } from './ports/executions.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import type { TrainingProviders } from './ports/training-provider.ts';
import type { TrainingFailure, TrainingRemark } from './training-trouble.ts';

/** What a look at a training needs. */
export interface PollPorts {
  readonly store: TenantStore;
  readonly providers: TrainingProviders;
  /** Without them drivers are left to wake by the event of a change, or by the next look of the clock. */
  readonly tokens?: TaskTokens | undefined;
  readonly clock: Clock;
  readonly ids: Identifiers;
  /** Takes a comparison further that takes a while; absent where only the poller does. */
  readonly evaluate?: ((store: TenantStore) => Evaluate) | undefined;
  /** Is told what people should know. */
  readonly report?: ((remark: TrainingRemark) => void) | undefined;
  /** Is told what failed, for who looks for the cause. */
  readonly note?: ((failure: TrainingFailure) => void) | undefined;
}

/**
 * What a look at a job did: it moved or learned something, or there was nothing new, or its provider did not answer, or it answered
 * with a word that nobody knows.
 */
export type Polled = 'updated' | 'unchanged' | 'failed' | 'unknown';
