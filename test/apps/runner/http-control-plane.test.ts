import { describe, expect, it, onTestFinished } from 'vitest';
import { isAssignmentLost, isPassing } from '#apps/runner/control-plane';
import { httpControlPlane } from '#apps/runner/http-control-plane';
import { type Answer, fakeApi } from '#test/support/fake-api';

const agent = { agentId: '01JD8X5YB2M0Q4V6T8W1Z3C5E9', token: 'eapt_token' };
const path = `/api/v1/agents/external/${agent.agentId}`;

async function aControlPlane(answer: Answer = { body: {} }) {
  const api = await fakeApi(() => answer);
  onTestFinished(() => api.close());
  return { plane: httpControlPlane(api.url, 'iorch_key'), seen: api.seen };
}
const refusal = (code: string, status: number, retryable: boolean): Answer => ({
  status,
  body: { type: 'about:blank', title: code, status, detail: code, code, request_id: 'r', retryable },
});
const thrown = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('the control plane over HTTP', () => {
  it('is registered at with the API key and worked for with the agent token', async () => {
    const { plane, seen } = await aControlPlane();
    await plane.register({ name: 'RUNNER-01', capabilities: ['code_generation'] });
    await plane.asAgent(agent).claim({ max_assignments: 2 }, 'key-1');
    expect(
      seen.map((request) => [request.path, request.headers.authorization, request.headers['idempotency-key']]),
    ).toEqual([
      ['/api/v1/agents/external/register', 'Bearer iorch_key', undefined],
      [`${path}/assignments/claim`, 'Bearer eapt_token', 'key-1'],
    ]);
  });

  it('is told events, leases and results under the assignment', async () => {
    const { plane, seen } = await aControlPlane();
    const calls = plane.asAgent(agent);
    await calls.heartbeat({ status: 'healthy' });
    await calls.reportEvents('A1', { fencing_token: 1, events: [] });
    await calls.extend('A1', { fencing_token: 1 });
    await calls.submitResult('A1', { task_id: 'T1', status: 'completed', fencing_token: 1 });
    const under = `${path}/assignments/A1`;
    expect(seen.map((request) => request.path)).toEqual([
      `${path}/heartbeat`,
      `${under}/events`,
      `${under}/extend`,
      `${under}/result`,
    ]);
  });

  it.each([
    ['STALE_FENCING_TOKEN', 409, false, { lost: true, passing: false }],
    ['CONCURRENT_UPDATE', 409, true, { lost: false, passing: true }],
    ['INTERNAL_ERROR', 500, true, { lost: false, passing: true }],
    ['VALIDATION_ERROR', 422, false, { lost: false, passing: false }],
  ])('refuses with %s, which means what it should', async (code, status, retryable, means) => {
    const { plane } = await aControlPlane(refusal(code, status, retryable));
    const error = await thrown(plane.asAgent(agent).extend('A1', { fencing_token: 1 }));
    expect({ lost: isAssignmentLost(error), passing: isPassing(error) }).toEqual(means);
  });

  it('may be back when it does not answer', async () => {
    const error = await thrown(
      httpControlPlane('http://127.0.0.1:9', 'k').asAgent(agent).heartbeat({ status: 'healthy' }),
    );
    expect(isPassing(error)).toBe(true);
  });
});
