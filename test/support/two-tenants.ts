import type { Item } from '#adapters/dynamodb/item-engine';
import { aDataset } from './a-dataset.ts';
import { anEvaluation } from './a-model.ts';
import { NOON } from './a-session.ts';
import { type Api, anApi, aTenant, makeAgent, makeSession, makeTenant } from './in-process-api.ts';
import { sha256Of } from './objects-in-memory.ts';
import { machineOf, openWork } from './opened-work.ts';
import { aRegisteredVersion } from './registered-models.ts';

/** Stands in everything the other tenant has, and in nothing that anybody else may see. */
export const CANARY = 'CANARY-5F1C';

/** One tenant with at least one of everything, and who works in it. */
export interface FurnishedTenant {
  readonly tenantId: string;
  /** A key per role, and an agent's token. */
  readonly keys: Readonly<Record<string, string>>;
  /** What the tenant has, by the name that an id-bearing place of a request has for it. */
  readonly ids: Readonly<Record<string, string>>;
}

const logLine = (event_seq: number, message: string) => ({
  type: 'log',
  event_seq,
  timestamp: NOON,
  level: 'info',
  source: 'agent',
  message,
});

const checkpoint = (event_seq: number, message: string) => ({
  type: 'checkpoint',
  event_seq,
  timestamp: NOON,
  trigger: 'manual',
  data: { message },
});

/** A dataset and a job that nobody has started. */
const furnishTraining = async (api: Api, { tenantId, member }: { tenantId: string; member: string }, word: string) => {
  const dataset = aDataset({ id: api.ports.ids.ulid(), tenantId, name: word, status: 'ready', sha256: word });
  await api.ports.storeOf(tenantId).commit([{ kind: 'dataset', before: null, after: dataset }]);
  const body = { base_model: word, target_model_name: word, dataset_id: dataset.id, metadata: { word } };
  const reply = await api.call({ path: '/api/v1/fine-tuning/jobs', key: member, body });
  if (reply.status >= 300) throw new Error(`the training job of the furnished tenant: ${reply.text}`);
  const store = api.ports.storeOf(tenantId);
  const before = await store.findTrainingLive(reply.json.id);
  const evaluation = anEvaluation();
  if (before) await store.commit([{ kind: 'training-live', before, after: { ...before, evaluation } }]);
  return { dataset_id: dataset.id, job_id: reply.json.id as string };
};

/** A session that an agent works on, with two lines of log, a checkpoint and a file, and a second one that nobody has started. */
const furnish = async (
  api: Api,
  { tenantId, keys }: { tenantId: string; keys: Readonly<Record<string, string>> },
  word: string,
): Promise<FurnishedTenant> => {
  const member = keys['member'] as string;
  const idle = await makeSession(api, member, { title: `Waits ${word}`, prompt: word });
  const session = await makeSession(api, member, { title: `Runs ${word}`, prompt: word, start: true });
  const machine = machineOf(api, tenantId);
  await openWork(machine, session.id as string, { taskToken: `token ${word}` });
  const agent = await makeAgent(api, keys['runner'] as string, `RUNNER-${word}`);
  const asAgent = async (path: string, body: object) => {
    const reply = await api.call({
      path: `/api/v1/agents/external/${agent.agent_id}/assignments${path}`,
      key: agent.auth_token,
      body,
    });
    if (reply.status >= 300) throw new Error(`${path} of the furnished tenant: ${reply.text}`);
    return reply.json;
  };
  const { assignments } = await asAgent('/claim', {});
  const { assignment_id, fencing_token } = assignments[0];
  const events = [logLine(1, `first ${word}`), logLine(2, `second ${word}`), checkpoint(3, word)];
  await asAgent(`/${assignment_id}/events`, { fencing_token, events });
  const announced = { path: `${word}.txt`, size_bytes: word.length, sha256: sha256Of(word) };
  const { artifact_id } = await asAgent(`/${assignment_id}/artifacts`, { fencing_token, ...announced });
  const file = await machine.store.findArtifact(session.id, artifact_id);
  // as a result does that names it; the agent is to be at work still
  if (file) await machine.store.commit([{ kind: 'artifact', before: file, after: { ...file, storedAt: NOON } }]);
  const path = `/api/v1/sessions/${session.id}/checkpoints`;
  const checkpoints = (await api.call({ path, key: member })).json;
  const model_name = `coder-${word}`;
  await aRegisteredVersion(machine, { modelName: model_name });
  const learned = await furnishTraining(api, { tenantId, member }, word);
  return {
    tenantId,
    keys: { ...keys, agent: agent.auth_token },
    ids: {
      tenant_id: tenantId,
      session_id: session.id,
      parent_id: idle.id,
      agent_id: agent.agent_id,
      preferred_agent_ids: agent.agent_id,
      exclude_agent_ids: agent.agent_id,
      assignment_id,
      task_id: assignment_id,
      model_name,
      artifact_id,
      checkpoint_id: checkpoints.items[0].id,
      ...learned,
    },
  };
};

/** Two tenants on one platform, and everything stored of both. */
export interface TwoTenants {
  readonly items: readonly Item[];
  readonly adminKey: string;
  readonly own: FurnishedTenant;
  readonly other: FurnishedTenant;
}

/** A platform with two tenants that have the same kinds of things; the other one's all carry the canary. */
export const twoTenants = async (): Promise<TwoTenants> => {
  const api = anApi();
  const first = await aTenant(api, 'own-tenant');
  const second = await makeTenant(api, first.adminKey, 'other-tenant');
  const own = await furnish(api, first, 'MINE');
  const other = await furnish(api, second, CANARY);
  return { items: api.engine.items(), adminKey: first.adminKey, own, other };
};

/** What is stored of everybody but one tenant, to show that nobody touched it. */
export const storedBeside = (tenantId: string, items: readonly Item[]): string =>
  JSON.stringify(
    items.filter(({ pk }) => !pk.startsWith(`T#${tenantId}`)).toSorted((a, b) => (a.pk + a.sk < b.pk + b.sk ? -1 : 1)),
  );
