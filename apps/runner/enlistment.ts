import { type AgentCalls, isRegistrationLost, waitOf } from './control-plane.ts';
import { pause, within } from './pause.ts';

/** A runner's registration as it is now; it may be made anew while the runner works. */
export interface Enlistment {
  calls(): AgentCalls;
  /** Registers again after a call said that the registration is gone. Throws when the control plane does not want this runner. */
  renew(): Promise<void>;
}

/** What registering gives. */
export interface Enlisted {
  readonly calls: AgentCalls;
  readonly heartbeatSeconds: number;
}

/** Registers for the first time. */
export async function enlist(
  register: () => Promise<Enlisted>,
): Promise<Enlistment & { readonly heartbeatSeconds: number }> {
  let current = await register();
  let renewal: Promise<void> | undefined;
  return {
    heartbeatSeconds: current.heartbeatSeconds,
    calls: () => current.calls,
    renew() {
      renewal ??= register()
        .then((fresh) => {
          current = fresh;
        })
        .finally(() => {
          renewal = undefined;
        });
      return renewal;
    },
  };
}

/** What a heartbeat tells. */
export interface Heartbeats {
  readonly enlistment: Enlistment;
  readonly everySeconds: number;
  readonly tasksInProgress: () => number;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

/** Tells the control plane that the runner lives, until the signal; then that it is gone. Throws when it is not wanted any more. */
export async function beat({ enlistment, everySeconds, tasksInProgress, signal, log }: Heartbeats): Promise<void> {
  while (!signal.aborted) {
    const heartbeat = { status: 'healthy', tasks_in_progress: tasksInProgress() } as const;
    const wishes = await enlistment
      .calls()
      .heartbeat(heartbeat)
      .then(
        ({ directives }): string[] => directives.map(({ type }) => type),
        async (error: unknown): Promise<string[]> => {
          log(`a heartbeat failed: ${error instanceof Error ? error.message : String(error)}`);
          if (isRegistrationLost(error)) await enlistment.renew();
          return [];
        },
      );
    // registering anew ends open assignments, so it waits until there are none
    if (wishes.includes('rotate_token') && tasksInProgress() === 0) {
      log('the token ends soon; registering again for another one');
      await enlistment.renew();
    }
    await pause(everySeconds * 1_000, signal).catch(() => undefined);
  }
}

const farewellPatienceMs = 2_000;

/** Says that the runner is gone, so that nothing is kept for it. Right after a heartbeat that is accepted a few seconds later. */
export async function sayFarewell(calls: Pick<AgentCalls, 'heartbeat'>): Promise<void> {
  const say = () => within(farewellPatienceMs, calls.heartbeat({ status: 'offline' }));
  try {
    await say();
  } catch (error) {
    const seconds = waitOf(error);
    if (seconds === undefined) return;
    await pause(seconds * 1_000);
    await say().catch(() => undefined);
  }
}
