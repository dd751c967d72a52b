import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeClient } from '#contracts/client';
import { findConnection } from './configuration.ts';
import { exitCode } from './exit-code.ts';
import { processTerminal } from './output/terminal.ts';
import { runCli } from './run-cli.ts';

const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (interrupt.signal.aborted) process.exit(exitCode.interrupted);
    interrupt.abort();
  });
}

// the launcher under an older Node passes signals on: without it nobody could end this, and a killed one says nothing
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();

const { env } = process;

process.exitCode = await runCli(process.argv.slice(2), {
  terminal: processTerminal(),
  env,
  program: env['npm_command'] === 'exec' ? 'npx iorch' : 'iorch',
  signal: interrupt.signal,
  now: Date.now,
  sleep: (milliseconds) => sleep(milliseconds, undefined, { signal: interrupt.signal }),
  connection: (purpose, profile) =>
    findConnection({ purpose, profile, env, searchFrom: [process.cwd(), import.meta.dirname] }),
  client: ({ apiUrl, apiKey }) => makeClient({ baseUrl: apiUrl, credential: apiKey }),
  // the client of AWS is loaded only where it is needed
  executions: async ({ aws }) => (await import('./executions/step-functions.ts')).openExecutionLog(aws),
  bootstrapToken: async (stage) => (await import('./operator/bootstrap-token.ts')).readBootstrapToken(stage),
  readStdin: () => text(process.stdin),
});
