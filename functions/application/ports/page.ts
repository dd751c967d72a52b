import type { DomainEvent } from '#domain/event';

/** One page of a list; `next` is where the following one begins. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string | undefined;
}

/** An event of the log, with the id that it was stored under. */
export interface StoredEvent extends DomainEvent {
  readonly eventId: string;
}
