import { createOpencodeClient, type OpencodeClient, type PermissionRule } from '@opencode-ai/sdk/v2/client';
import { type RunState, stateOf } from './observation.ts';
import { openCodeId } from './opencode-id.ts';
import { type Turn, turnOf } from './turn.ts';

/** Where an OpenCode server listens and the password of its user `opencode`. */
export interface OpenCodeAddress {
  readonly baseUrl: string;
  readonly password: string;
}

/** One prompt in one OpenCode session. `key` makes all ids: the same key is the same session and the same prompt. */
export interface OpenCodeRun {
  readonly key: string;
  readonly directory: string;
}

/** A permission rule of a session; the last one that matches counts. */
export type { PermissionRule };

/** One look at a run. */
export interface Observation {
  readonly state: RunState;
  readonly turn: Turn;
}

/** The calls that drive an OpenCode server. Each one is bounded in time and throws OpenCodeError. */
export interface OpenCodeClient {
  /** A real call that must be answered: an open port alone proves nothing. */
  checkHealth(): Promise<void>;
  /** Creates the run's session; called again, it changes nothing. */
  ensureSession(run: OpenCodeRun, settings: { title: string; permissions: readonly PermissionRule[] }): Promise<void>;
  /** Sends the prompt unless the session has it already. `model` is `provider/model`. @default model the server's own */
  ensurePrompt(run: OpenCodeRun, prompt: { text: string; model?: string }): Promise<void>;
  observe(run: OpenCodeRun): Promise<Observation>;
  /** Refuses a permission request; the model reads the message and goes on. */
  rejectPermission(run: OpenCodeRun, requestId: string, message: string): Promise<void>;
  /** Ends the run, also what its tools started. Harmless when it rests already. */
  abort(run: OpenCodeRun): Promise<void>;
  /** Frees what the server keeps in memory for the run's directory. */
  disposeDirectory(run: OpenCodeRun): Promise<void>;
}

/** OpenCode did not answer, or answered with an error. `status` is missing when it did not answer. */
export class OpenCodeError extends Error {
  readonly status: number | undefined;
  constructor(message: string, status: number | undefined, options?: ErrorOptions) {
    super(message, options);
    this.name = 'OpenCodeError';
    this.status = status;
  }
}

/** A client of the server at `address`. @default timeoutMs 10 seconds per call */
export function connectOpenCode(address: OpenCodeAddress, timeoutMs = 10_000): OpenCodeClient {
  const at = (directory?: string): OpencodeClient => sdkClient(address, directory, timeoutMs);
  const idsOf = ({ key }: OpenCodeRun) => ({ sessionID: openCodeId('ses', key), messageID: openCodeId('msg', key) });

  return {
    async checkHealth() {
      await answerOf('health', at().global.health());
      await answerOf('path', at().path.get());
    },

    async ensureSession(run, { title, permissions }) {
      const { sessionID } = idsOf(run);
      const client = at(run.directory);
      await answerOf('create', client.v2.session.create({ id: sessionID, location: { directory: run.directory } }));
      const session = await answerOf(
        'update',
        client.session.update({ sessionID, title, permission: [...permissions] }),
      );
      if (session.directory !== run.directory)
        throw new OpenCodeError(`session ${sessionID} belongs to another directory`, undefined);
    },

    async ensurePrompt(run, { text, model }) {
      const { sessionID, messageID } = idsOf(run);
      const client = at(run.directory);
      const messages = await answerOf('messages', client.session.messages({ sessionID }));
      if (messages.some(({ info }) => info.id === messageID)) return;
      // the part's id is fixed too: without it, a repeated call appends the text again
      const parts = [{ id: openCodeId('prt', run.key), type: 'text' as const, text }];
      await answerOf('prompt', client.session.promptAsync({ sessionID, messageID, ...modelOf(model), parts }));
    },

    async observe(run) {
      const { sessionID, messageID } = idsOf(run);
      const client = at(run.directory);
      // in this order: a run that ends between two reads must not look busy with a finished turn
      const statuses = await answerOf('status', client.session.status());
      const requests = await answerOf('permissions', client.permission.list());
      const turn = turnOf(await answerOf('messages', client.session.messages({ sessionID })), messageID);
      return { state: stateOf(statuses[sessionID], requests, turn), turn };
    },

    async rejectPermission(run, requestID, message) {
      await answerOf('permission', at(run.directory).permission.reply({ requestID, reply: 'reject', message }));
    },

    async abort(run) {
      await answerOf('abort', at(run.directory).session.abort({ sessionID: idsOf(run).sessionID }));
    },

    async disposeDirectory(run) {
      await answerOf('dispose', at(run.directory).instance.dispose());
    },
  };
}

function modelOf(model: string | undefined) {
  if (model === undefined) return {};
  const slash = model.indexOf('/');
  return { model: { providerID: model.slice(0, slash), modelID: model.slice(slash + 1) } };
}

function sdkClient(
  { baseUrl, password }: OpenCodeAddress,
  directory: string | undefined,
  timeoutMs: number,
): OpencodeClient {
  return createOpencodeClient({
    baseUrl,
    ...(directory === undefined ? {} : { directory }),
    headers: { authorization: `Basic ${Buffer.from(`opencode:${password}`).toString('base64')}` },
    // the SDK has no timeout of its own
    fetch: (request) => fetch(request, { signal: AbortSignal.timeout(timeoutMs) }),
  });
}

interface Answer<T> {
  readonly data?: T | undefined;
  readonly error?: unknown;
  readonly response?: { readonly status: number };
}

async function answerOf<T>(call: string, pending: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await pending.catch((cause: unknown) => {
    throw new OpenCodeError(`OpenCode did not answer the call ${call}: ${messageOf(cause)}`, undefined, { cause });
  });
  if (error !== undefined || !response || response.status >= 400) {
    throw new OpenCodeError(
      `OpenCode answered the call ${call} with ${response?.status ?? 'nothing'}: ${messageOf(error)}`,
      response?.status,
    );
  }
  return data as T;
}

const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : (JSON.stringify(error) ?? 'no answer')).slice(0, 500);
