import { findConnection } from '#apps/cli/configuration';
import type { ExecutionLog } from '#apps/cli/executions/execution-log';
import { runCli } from '#apps/cli/run-cli';
import { makeClient } from '#contracts/client';
import type { Session } from '#contracts/session';
import type { SessionDiff, SessionResult } from '#contracts/session-result';
import { fakeApi, type Responder } from '#test/support/fake-api';

export const sessionId = '01JD8X5YB2M0Q4V6T8W1Z3C5E7';
const at = '2026-05-01T12:00:00.000Z';

const noExecutions: ExecutionLog = { newest: async () => undefined, read: async () => undefined };

/** The CLI in a world of its own: no environment, no files, no clock, an API that answers as told. */
export const cliWorld = async (
  respond: Responder = () => undefined,
  stdin = '',
  log: ExecutionLog = noExecutions,
  columns?: number,
) => {
  const api = await fakeApi(respond);
  const out: string[] = [];
  const err: string[] = [];
  const interrupt = new AbortController();
  const env: Record<string, string> = { IORCH_API_URL: api.url, IORCH_API_KEY: 'iorch_test_key', HOME: '/nonexistent' };
  return {
    api,
    env,
    interrupt,
    out: () => out.join('\n'),
    err: () => err.join('\n'),
    iorch: (...args: string[]) =>
      runCli(args, {
        terminal: {
          out: (text) => void out.push(text),
          err: (text) => void err.push(text),
          exact: (text) => void out.push(text),
          interactive: false,
          columns,
        },
        env,
        program: 'iorch',
        signal: interrupt.signal,
        now: () => Date.parse('2026-05-01T12:00:30.000Z'),
        sleep: async () => interrupt.signal.throwIfAborted(),
        connection: (purpose, profile) => findConnection({ purpose, profile, env, searchFrom: [] }),
        client: ({ apiUrl, apiKey }) => makeClient({ baseUrl: apiUrl, credential: apiKey }),
        executions: async () => log,
        bootstrapToken: async (stage) => `token of ${stage}`,
        readStdin: async () => stdin,
      }),
  };
};

export const aSessionAnswer = (overrides: Partial<Session> = {}): Session => ({
  id: sessionId,
  tenant_id: '01JD8X5YB2M0Q4V6T8W1Z3C5E8',
  version: 2,
  title: 'Greet',
  session_type: 'execution',
  priority: 'medium',
  root_id: sessionId,
  depth: 0,
  child_count: 0,
  required_capabilities: [],
  max_duration_seconds: 3600,
  queue_ttl_seconds: 86_400,
  auto_retry: 'transient',
  tags: [],
  checkpoint_count: 0,
  status: 'queued',
  status_updated_at: at,
  created_at: at,
  created_by: 'somebody',
  updated_at: at,
  attempt: 1,
  max_attempts: 3,
  active_seconds: 0,
  remaining_seconds: 3600,
  health_score: 0.8,
  is_healthy: true,
  is_retryable: false,
  allowed_operations: ['cancel'],
  prompt: 'Greet',
  agent_config: {},
  metadata: {},
  metrics: {
    execution_duration_seconds: 0,
    tokens_used: 0,
    input_tokens: 0,
    output_tokens: 0,
    reasoning_tokens: 0,
    cache_read_tokens: 0,
    cache_write_tokens: 0,
    api_calls_count: 0,
    api_errors_count: 0,
    warnings: [],
    cost_usd: 0,
  },
  ...overrides,
});

export const aResultAnswer = (overrides: Partial<SessionResult> = {}): SessionResult => ({
  session_id: sessionId,
  attempt: 1,
  final: true,
  status: 'completed',
  result_commit: 'c0ffee',
  result_branch: `iorch/${sessionId}`,
  verification: [{ name: 'npm test', passed: true, weight: 1, exit_code: 0, duration_ms: 1234, output: 'ok' }],
  usage: {
    input_tokens: 1200,
    output_tokens: 80,
    reasoning_tokens: 0,
    cache_read_tokens: 0,
    cache_write_tokens: 0,
    cost_usd: 0,
  },
  model: 'demo/scripted',
  simulated: true,
  ...overrides,
});

export const aDiffAnswer = (overrides: Partial<SessionDiff> = {}): SessionDiff => ({
  available: true,
  attempt: 1,
  files: [{ path: 'src/hello.js', status: 'added', additions: 3, deletions: 0 }],
  diff: 'diff --git a/src/hello.js b/src/hello.js\n',
  ...overrides,
});
