import { type State, TOKEN_LAMBDA } from './definition.ts';
import { type Scope, template } from './evaluate.ts';
import { Refused } from './refused.ts';
import { StateError, thrownByFunction } from './state-error.ts';
import type { Answer, TaskTokensInMemory } from './task-tokens.ts';
import type { Timer, VirtualTime } from './virtual-time.ts';

/** One invocation of a function. */
export interface Call {
  readonly state: string;
  /** The token of the definition, without `${}`. */
  readonly functionName: string;
  readonly payload: unknown;
  /** How often the state was tried before. */
  readonly retryCount: number;
}

export type Invoke = (call: Call) => unknown;

export interface Around {
  readonly time: VirtualTime;
  readonly tokens: TaskTokensInMemory;
  readonly invoke: Invoke;
  /** Rejects when the execution is stopped or runs out of time. */
  readonly interrupted: Promise<never>;
}

/** As it would arrive: a function and its state exchange JSON. */
const overTheWire = (value: unknown): unknown => (value === undefined ? null : JSON.parse(JSON.stringify(value)));

const timeout = (error: string, after: number) => new StateError(error, `nothing came for ${after} s`);

const deadline = (timer: Timer, error: StateError): Promise<never> =>
  timer.passed.then(() => {
    throw error;
  });

/** The heartbeat's limit, begun anew at each beat. */
const heartbeat = (time: VirtualTime, seconds: number | undefined) => {
  let timer: Timer | undefined;
  let miss: (error: StateError) => void = () => undefined;
  const missed = new Promise<never>((_, reject) => {
    miss = reject;
  });
  missed.catch(() => undefined);
  const beat = () => {
    if (seconds === undefined) return;
    timer?.cancel();
    timer = time.timer(seconds);
    void timer.passed.then(() => miss(timeout('States.HeartbeatTimeout', seconds)));
  };
  beat();
  return { beat, missed, cancel: () => timer?.cancel() };
};

/** Tries a task once. @returns what `$states.result` is. @throws StateError */
export const tryTask = async (
  name: string,
  { Resource, Arguments, TimeoutSeconds, HeartbeatSeconds }: State,
  { scope, retryCount }: { scope: (token?: string) => Scope; retryCount: number },
  { time, tokens, invoke, interrupted }: Around,
): Promise<unknown> => {
  const beats = heartbeat(time, HeartbeatSeconds);
  const limit = TimeoutSeconds === undefined ? undefined : time.timer(TimeoutSeconds);
  const issued = Resource === TOKEN_LAMBDA ? tokens.issue(name, beats.beat) : undefined;

  const call = async (): Promise<Answer> => {
    const { FunctionName, Payload } = template(Arguments, name)(scope(issued?.token)) as NonNullable<
      State['Arguments']
    >;
    const functionName = FunctionName.replace(/^\$\{(\w+)\}$/, '$1');
    try {
      const result = await invoke({ state: name, functionName, payload: overTheWire(Payload), retryCount });
      return { value: { StatusCode: 200, ExecutedVersion: '$LATEST', Payload: overTheWire(result) } };
    } catch (error) {
      if (error instanceof Refused) throw error;
      return { error: thrownByFunction(error) };
    }
  };

  /** With a token the answer is the token's; of the function only a failure counts. */
  const answer = async (): Promise<Answer> => {
    if (issued === undefined) return call();
    const failed = call().then((own) => ('error' in own ? own : issued.answered));
    return Promise.race([issued.answered, failed]);
  };

  try {
    const got = await Promise.race([
      answer(),
      interrupted,
      beats.missed,
      ...(limit === undefined ? [] : [deadline(limit, timeout('States.Timeout', TimeoutSeconds ?? 0))]),
    ]);
    if ('error' in got) throw got.error;
    return got.value;
  } finally {
    issued?.close();
    beats.cancel();
    limit?.cancel();
  }
};
