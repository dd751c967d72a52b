import type { StoredEvent } from './page.ts';

export interface PublishedEvent extends StoredEvent {
  readonly tenantId: string;
}

/** Where committed events go. */
export interface EventBus {
  /** In order. Answers how many of them, from the first, were taken; the caller sends the rest again. */
  publish(events: readonly PublishedEvent[]): Promise<number>;
}
