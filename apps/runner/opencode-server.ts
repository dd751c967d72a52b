import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import type { OpenCodeAddress } from '#adapters/opencode/opencode-client';
import type { ModelSource } from './model-source.ts';
import { openCodeBinary } from './opencode-binary.ts';
import { killGroup, spawnGroup } from './processes/process-group.ts';

/** A running OpenCode server. */
export interface OpenCodeServer extends OpenCodeAddress {
  readonly pid: number;
  /** How its process ended; undefined while it runs. */
  readonly howEnded: () => string | undefined;
  stop(): Promise<void>;
}

export interface OpenCodeServerOptions {
  /** Disposable: the server's data, configuration, cache, state. */
  readonly folder: string;
  /** Tells whoever comes after a killed runner which process to end. */
  readonly pidFile: string;
  /** What the agent's commands may see. */
  readonly environment: Readonly<Record<string, string>>;
  readonly models: ModelSource;
}

const switches = [
  'MODELS_FETCH',
  'AUTOUPDATE',
  'LSP_DOWNLOAD',
  'DEFAULT_PLUGINS',
  'SHARE',
  'CLAUDE_CODE',
  'PROJECT_CONFIG',
];
const startTimeoutMs = 60_000;
// whatever ran was aborted before, and the data is disposable: nothing is worth a longer wait
const stopTimeoutMs = 1_500;

/** Starts an OpenCode server on loopback with a random password and folders of its own. Resolves when it answers. */
export async function startOpenCodeServer({
  folder,
  pidFile,
  environment,
  models,
}: OpenCodeServerOptions): Promise<OpenCodeServer> {
  await rm(folder, { recursive: true, force: true });
  const folders = {
    XDG_DATA_HOME: 'data',
    XDG_CONFIG_HOME: 'config',
    XDG_CACHE_HOME: 'cache',
    XDG_STATE_HOME: 'state',
  };
  const places = Object.fromEntries(Object.entries(folders).map(([name, place]) => [name, path.join(folder, place)]));
  for (const place of Object.values(places)) await mkdir(place, { recursive: true, mode: 0o700 });

  const password = randomBytes(24).toString('base64url');
  const hidden = {
    ...models.environment,
    ...places,
    OPENCODE_SERVER_PASSWORD: password,
    OPENCODE_CONFIG_CONTENT: JSON.stringify({ ...fixedConfiguration, ...models.configuration }),
    ...(models.configurationFile === undefined ? {} : { OPENCODE_CONFIG: path.resolve(models.configurationFile) }),
  };
  const env = {
    ...environment,
    ...direct(environment),
    ...hidden,
    ...Object.fromEntries(switches.map((name) => [`OPENCODE_DISABLE_${name}`, '1'])),
    SHELL: await writeShell(folder, Object.keys(hidden)),
  };
  const port = await freePort();
  const child = spawnGroup(openCodeBinary(process.env), ['serve', '--port', String(port), '--hostname', '127.0.0.1'], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await untilListening(child);
  const { pid = 0 } = child;
  await writeFile(pidFile, String(pid));
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    password,
    pid,
    howEnded: () => howEnded(child),
    async stop() {
      await stop(child);
      await rm(pidFile, { force: true });
    },
  };
}

/** Ends the server that a killed runner left behind. */
export async function endLeftOverServer(pidFile: string): Promise<void> {
  const pid = Number(await readFile(pidFile, 'utf8').catch(() => ''));
  const commandLine = pid > 1 ? await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '') : '';
  // the number may belong to another process by now
  if (/opencode[^\0]*\0serve\0/.test(commandLine)) killGroup(pid, 'SIGKILL');
  await rm(pidFile, { force: true });
}

/** Loopback is never reached through a proxy: the demo model listens there. */
function direct({ NO_PROXY = '', no_proxy = NO_PROXY }: Readonly<Record<string, string>>) {
  const names = [no_proxy, '127.0.0.1', 'localhost'].filter(Boolean).join(',');
  return { NO_PROXY: names, no_proxy: names };
}

/** The bound on how the agent works here, whatever models it has. Snapshots are off: git already keeps what changed. */
const fixedConfiguration = {
  autoupdate: false,
  share: 'disabled',
  snapshot: false,
  lsp: false,
  formatter: false,
  permission: { '*': 'allow', question: 'deny' },
};

/** A shell for the agent's commands that does not see what only the server needs. */
async function writeShell(folder: string, hidden: readonly string[]): Promise<string> {
  const real = existsSync('/bin/bash') ? '/bin/bash' : '/bin/sh';
  const file = path.join(folder, 'shell', path.basename(real));
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `#!/bin/sh\nunset ${hidden.join(' ')}\nSHELL=${real} exec ${real} "$@"\n`);
  await chmod(file, 0o755);
  return file;
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });

/** The port is open before anybody answers; the line is printed after. */
const untilListening = (child: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    let output = '';
    const fail = (reason: string) => {
      clearTimeout(timer);
      killGroup(child.pid, 'SIGKILL');
      reject(new Error(`the OpenCode server ${reason}: ${output.slice(-1_000).trim()}`));
    };
    const timer = setTimeout(() => fail(`did not start within ${startTimeoutMs / 1000} s`), startTimeoutMs);
    const read = (chunk: Buffer) => {
      output = (output + chunk.toString('utf8')).slice(-8_192);
      if (!output.includes('server listening on')) return;
      clearTimeout(timer);
      resolve();
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('error', (error) =>
      fail(`cannot be started (${error.message}); install opencode-linux-x64, or set OPENCODE_BINARY`),
    );
    child.once('exit', (code) => fail(`ended with exit code ${code} while it started`));
  });

function howEnded({ exitCode, signalCode }: Pick<ChildProcess, 'exitCode' | 'signalCode'>): string | undefined {
  if (signalCode !== null) return `by the signal ${signalCode}`;
  return exitCode === null ? undefined : `with exit code ${exitCode}`;
}

async function stop(child: ChildProcess): Promise<void> {
  if (howEnded(child) !== undefined) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => killGroup(child.pid, 'SIGKILL'), stopTimeoutMs);
    child.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    killGroup(child.pid, 'SIGTERM');
  });
}
