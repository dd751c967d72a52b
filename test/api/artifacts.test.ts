import { describe, expect, it } from 'vitest';
import { makeStoreArtifacts } from '#application/store-artifacts';
import { NOON } from '#test/support/a-session';
import { anApiWith } from '#test/support/in-process-api';
import { objectsInMemory, sha256Of } from '#test/support/objects-in-memory';
import { twoTenants } from '#test/support/two-tenants';

const content = 'hello world';
const announced = { path: 'out/report.html', size_bytes: 11, mime_type: 'text/html', sha256: sha256Of(content) };

/** An agent at work, its calls, and where its files are. */
const atWork = async () => {
  const { own, other, items } = await twoTenants();
  const objects = objectsInMemory();
  const api = await anApiWith(items, { objectsOf: objects.of });
  const { agent_id, assignment_id, session_id } = own.ids;
  const assignment = `/api/v1/agents/external/${agent_id}/assignments/${assignment_id}`;
  const asAgent = (path: string, body?: object, headers = {}) =>
    api.call({ path: `${assignment}${path}`, key: own.keys['agent'], body, headers });
  const announce = (fields: object = {}, headers = {}) =>
    asAgent('/artifacts', { fencing_token: 1, ...announced, ...fields }, headers);
  const submit = (artifacts: object[], fields: object = {}) =>
    asAgent('/result', { task_id: assignment_id, status: 'completed', fencing_token: 1, artifacts, ...fields });
  const read = (path: string, headers = {}) =>
    api.call({ path: `/api/v1/sessions/${session_id}${path}`, key: own.keys['viewer'], headers });
  const list = async (): Promise<{ id: string }[]> =>
    (await read('/artifacts')).json.items.filter(({ id }: { id: string }) => id !== own.ids['artifact_id']);
  return { api, own, other, objects, asAgent, announce, submit, read, list };
};

describe('artifacts over HTTP', () => {
  it('are announced, uploaded, named by the result, listed and downloaded', async () => {
    const { announce, objects, own, submit, read, list } = await atWork();
    const slot = await announce();
    expect(slot).toMatchObject({ status: 201, json: { method: 'PUT', headers: { 'content-type': 'text/html' } } });
    expect(slot.json.upload_url).toContain(`/${own.tenantId}/`);
    expect(slot.json.expires_at).toBe('2026-05-04T12:15:00.000Z');
    objects.put(slot.json.upload_url, content);
    const { artifact_id } = slot.json;
    expect((await read(`/artifacts/${artifact_id}`)).json.code).toBe('ARTIFACT_NOT_FOUND');
    expect((await submit([{ path: announced.path, artifact_id }])).status).toBe(200);
    expect(await list()).toMatchObject([{ id: artifact_id, attempt: 1, ...announced }]);
    expect((await read('/events')).json.items.at(-1)).toMatchObject({
      type: 'session.artifact_added',
      payload: { artifact_id, path: announced.path, size_bytes: 11, mime_type: 'text/html' },
    });
    const redirect = await read(`/artifacts/${artifact_id}`, { accept: '*/*' });
    expect(redirect).toMatchObject({ status: 302, headers: { location: slot.json.upload_url }, text: '' });
    const told = await read(`/artifacts/${artifact_id}`, { accept: 'application/json' });
    expect(told).toMatchObject({ status: 200, json: { download_url: slot.json.upload_url, sha256: announced.sha256 } });
    expect(told.json.expires_at).toBe('2026-05-04T12:05:00.000Z');
  });

  it('named by a result twice are recorded once', async () => {
    const { announce, objects, submit, read } = await atWork();
    const slot = (await announce()).json;
    objects.put(slot.upload_url, content);
    const named = [{ path: announced.path, artifact_id: slot.artifact_id }];
    await submit([...named, ...named]);
    expect((await submit([...named, ...named])).json.duplicate).toBe(true);
    const types = (await read('/events')).json.items.map(({ type }: { type: string }) => type);
    expect(types.filter((type: string) => type === 'session.artifact_added')).toHaveLength(1);
  });

  it('by the hundred are recorded before the result', async () => {
    const { announce, objects, submit, read } = await atWork();
    const named: object[] = [];
    for (let index = 0; index < 90; index++) {
      const { upload_url, artifact_id } = (await announce({ path: `file-${index}` })).json;
      objects.put(upload_url, content);
      named.push({ path: `file-${index}`, artifact_id });
    }
    expect((await submit(named)).status).toBe(200);
    const page = (await read('/artifacts')).json;
    expect(page.items).toHaveLength(20);
    expect(page.next_cursor).toBeDefined();
  });

  it('are not recorded again by a result whose first sending broke off behind them', async () => {
    const { api, own, announce, objects, submit, list } = await atWork();
    const slot = (await announce()).json;
    objects.put(slot.upload_url, content);
    const { artifact_id } = slot;
    const { storeOf, objectsOf, clock, ids } = api.ports;
    const { tenantId } = own;
    const storeArtifacts = makeStoreArtifacts({ store: storeOf(tenantId), objects: objectsOf(tenantId), clock, ids });
    const { agent_id: agentId = '', assignment_id: assignmentId = '' } = own.ids;
    const named = [{ path: announced.path, artifactId: artifact_id }];
    await storeArtifacts({ agentId, assignmentId, taskId: assignmentId, fencingToken: 1, named });
    expect((await submit([{ path: announced.path, artifact_id }])).status).toBe(200);
    expect(await list()).toHaveLength(1);
  });

  it('that are other than announced make the result fail, nothing is stored, and the session warns once of each', async () => {
    const { announce, objects, submit, list, read } = await atWork();
    const slot = (await announce()).json;
    const named = (path = announced.path) => [{ path, artifact_id: slot.artifact_id }];
    expect((await submit(named())).json).toMatchObject({ status: 422, code: 'ARTIFACT_MISMATCH' });
    objects.put(slot.upload_url, 'HELLO WORLD');
    expect((await submit(named())).json.code).toBe('ARTIFACT_MISMATCH');
    objects.put(slot.upload_url, content);
    expect((await submit(named('other.html'))).json.code).toBe('ARTIFACT_MISMATCH');
    expect(await list()).toEqual([]);
    const { artifact_id } = slot;
    const mismatch = (difference: string) => ({
      type: 'artifact_mismatch',
      message: `artifact ${artifact_id} ${difference}`,
      at: NOON,
    });
    const warnings = async () => (await read('')).json.metrics.warnings;
    const told = [
      mismatch('was not uploaded'),
      mismatch('has another SHA-256 than announced'),
      mismatch('was announced as out/report.html'),
    ];
    expect(await warnings()).toEqual(told);
    for (let times = 0; times < 2; times++) await submit(named('other.html'));
    await submit(named('last.html'), { fencing_token: 7 });
    expect(await warnings()).toEqual(told);
    expect((await submit(named(), { fencing_token: 7 })).json.code).toBe('STALE_FENCING_TOKEN');
    expect((await submit(named())).status).toBe(200);
  });

  it.each([
    [{ path: '../x' }, 422, 'VALIDATION_ERROR'],
    [{ path: '/etc/passwd' }, 422, 'VALIDATION_ERROR'],
    [{ sha256: 'abc' }, 422, 'VALIDATION_ERROR'],
    [{ size_bytes: -1 }, 422, 'VALIDATION_ERROR'],
    [{ mime_type: 'text/html\r\nx: y' }, 422, 'VALIDATION_ERROR'],
    [{ size_bytes: 100 * 1024 * 1024 + 1 }, 413, 'ARTIFACT_TOO_LARGE'],
    [{ fencing_token: 7 }, 409, 'STALE_FENCING_TOKEN'],
  ])('with %j are refused', async (fields, status, code) => {
    const { announce } = await atWork();
    expect((await announce(fields)).json).toMatchObject({ status, code });
  });

  it('announced twice with one key are one, with an address that is signed anew', async () => {
    const { announce, api } = await atWork();
    const key = { 'idempotency-key': 'once' };
    const first = await announce({}, key);
    api.clock.advance(5);
    const second = await announce({}, key);
    expect(second.json).toEqual({ ...first.json, expires_at: '2026-05-04T12:15:05.000Z' });
    expect(second.headers['idempotent-replay']).toBe('true');
  });

  it('of the session can be downloaded by whoever works on it, and by no other agent', async () => {
    const { asAgent, announce, other } = await atWork();
    const { artifact_id } = (await announce()).json;
    expect((await asAgent(`/artifacts/${artifact_id}`)).json).toMatchObject({ artifact_id, size_bytes: 11 });
    const foreign = await asAgent(`/artifacts/${other.ids['artifact_id']}`);
    expect(foreign.json.code).toBe('ARTIFACT_NOT_FOUND');
  });
});
