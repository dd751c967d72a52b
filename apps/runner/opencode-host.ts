import { connectOpenCode, type OpenCodeClient } from '#adapters/opencode/opencode-client';
import type { ModelSource } from './model-source.ts';
import { type OpenCodeServer, startOpenCodeServer } from './opencode-server.ts';
import type { SecretFilter } from './secret-filter.ts';

/** The one OpenCode server of a runner. */
export interface OpenCodeHost {
  readonly models: ModelSource;
  /** A client of a server that answers: starts one when there is none, and anew when it is dead or does not answer. */
  connect(): Promise<OpenCodeClient>;
  /** Ends a server that cannot be trusted any more. The next `connect` starts another. */
  recycle(): Promise<void>;
  close(): Promise<void>;
}

export interface OpenCodeHostOptions {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly models: ModelSource;
  /** Learns the password of every server. */
  readonly secrets: SecretFilter;
  readonly log: (line: string) => void;
}

interface Running {
  readonly server: OpenCodeServer;
  readonly client: OpenCodeClient;
}

/** A host that has not started its server yet. */
export function openCodeHost({ folder, environment, models, secrets, log }: OpenCodeHostOptions): OpenCodeHost {
  let current: Promise<Running> | undefined;

  const start = async (): Promise<Running> => {
    const startedAt = performance.now();
    const server = await startOpenCodeServer({ folder, environment, models });
    secrets.add(server.password);
    const client = connectOpenCode(server);
    await client.checkHealth();
    log(
      `OpenCode is ready after ${((performance.now() - startedAt) / 1_000).toFixed(1)} s, with ${models.description}`,
    );
    return { server, client };
  };

  const isHealthy = async ({ server, client }: Running): Promise<boolean> =>
    server.isRunning() &&
    (await client.checkHealth().then(
      () => true,
      () => false,
    ));

  const recycle = async () => {
    const ending = current;
    current = undefined;
    await (await ending?.catch(() => undefined))?.server.stop();
  };

  let connecting = Promise.resolve<unknown>(undefined);
  const connect = async () => {
    const running = await current?.catch(() => undefined);
    if (running && (await isHealthy(running))) return running.client;
    if (running) log('the OpenCode server does not answer; starting another');
    await recycle();
    current = start();
    return (await current).client;
  };

  return {
    models,
    connect() {
      // two assignments must not start two servers
      const turn = connecting.then(connect, connect);
      connecting = turn.catch(() => undefined);
      return turn;
    },
    recycle,
    async close() {
      await connecting;
      await recycle();
      await models.close();
    },
  };
}
