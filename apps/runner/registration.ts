import { readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import type { ControlPlane, RegisterAnswer, RegisterRequest } from './control-plane.ts';

/** Who registers where. */
export interface Registrant {
  readonly apiUrl: string;
  readonly name: string;
  readonly concurrency: number;
  readonly capabilities: readonly string[];
  readonly workDir: string;
  /** For people who look at the agent: which models work here. */
  readonly models: string;
}

/** The name of a runner that was given none. */
export const defaultRunnerName = (): string => runnerName(`RUNNER-${hostname()}`);

/** A name as the control plane takes it. */
export const runnerName = (text: string): string =>
  text
    .toUpperCase()
    .replace(/[^A-Z0-9_-]+/g, '-')
    .replace(/^[_-]+|-+$/g, '')
    .slice(0, 100)
    .padEnd(3, '0');

/**
 * Registers the runner. When its folder remembers an earlier registration of that name there, that one is taken up, even
 * while the control plane still believes its runner alive; its open assignments end with it. A registration that somebody
 * else has made since is left alone.
 */
export async function register(controlPlane: ControlPlane, registrant: Registrant): Promise<RegisterAnswer> {
  const file = path.join(registrant.workDir, 'registration.json');
  const earlier = await readEarlier(file);
  const isKnown = earlier?.api_url === registrant.apiUrl && earlier.name === registrant.name;
  const answer = await controlPlane.register({
    protocol_version: '1.1',
    name: registrant.name,
    agent_type: 'implementer',
    capabilities: [...registrant.capabilities] as RegisterRequest['capabilities'],
    delivery: 'pull',
    max_concurrent_tasks: registrant.concurrency,
    metadata: { program: 'iorch runner', models: registrant.models },
    replace: isKnown,
    ...(isKnown && earlier.token_id ? { replace_token_id: earlier.token_id } : {}),
  });
  const remembered = {
    api_url: registrant.apiUrl,
    name: registrant.name,
    agent_id: answer.agent_id,
    token_id: answer.token_id,
  };
  await writeFile(file, JSON.stringify(remembered), { mode: 0o600 });
  return answer;
}

/** The token's id is public; the token itself is nowhere on the disk. */
interface Remembered {
  readonly api_url?: string;
  readonly name?: string;
  readonly token_id?: string;
}

async function readEarlier(file: string): Promise<Remembered | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Remembered;
  } catch {
    return undefined;
  }
}
