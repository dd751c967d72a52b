import type { Holder } from '#domain/gate/gate';
import { overslept } from '#domain/session/overslept';
import type { Session } from '#domain/session/session';
import type { WaitStore } from './ports/tenant-store.ts';

/** Has the sweeper look at drivers that hold a slot and still wait for it: the wake of the hand-over was lost. */
export const rouseHolders = async (
  store: WaitStore,
  holders: readonly Holder[],
  { sessions, now }: { readonly sessions: ReadonlyMap<string, Session>; readonly now: number },
): Promise<void> => {
  for (const { owner, since } of holders) {
    const wait = sessions.get(owner)?.status === 'queued' ? await store.findWait(owner) : undefined;
    const sooner = wait && overslept(wait, since, now);
    if (wait && sooner) await store.replaceWait(wait, sooner);
  }
};
