import type { AgentCalls, Assignment, ControlPlane, NumberedEvent, Result } from '#apps/runner/control-plane';
import { ApiProblem } from '#contracts/client';

/** A refusal as the API would send it. */
export const problem = (code: string, { status = 409, retryable = false } = {}) =>
  new ApiProblem({ type: `about:${code}`, title: code, status, detail: code, code, request_id: 'req_1', retryable });

type Call = keyof AgentCalls | 'register';

/** A control plane in memory: gives out the assignments it was given, remembers what it is told, and fails where the test says so. */
export function scriptedControlPlane(assignments: readonly Assignment[] = []) {
  const waiting = [...assignments];
  const failures = new Map<Call, Error[]>();
  const registrations: Parameters<ControlPlane['register']>[0][] = [];
  const batches: NumberedEvent[][] = [];
  const results: (Result & { readonly assignmentId: string })[] = [];
  const releases: string[] = [];
  const claimKeys: string[] = [];
  const heartbeats: string[] = [];
  const directives = new Map<string, string>();
  const closed = new Set<string>();
  const deadlines = new Map<string, string>();
  const announced: Parameters<AgentCalls['createArtifact']>[1][] = [];
  let storage: string | undefined;

  const enter = (call: Call, assignmentId?: string) => {
    const failure = failures.get(call)?.shift();
    if (failure) throw failure;
    if (assignmentId !== undefined && closed.has(assignmentId)) throw problem('ASSIGNMENT_CLOSED');
  };
  const lease = (assignmentId: string) => {
    const type = directives.get(assignmentId);
    return { lease_expires_at: new Date().toISOString(), directives: type === undefined ? [] : [{ type }] };
  };

  const calls: AgentCalls = {
    async heartbeat({ status }) {
      enter('heartbeat');
      heartbeats.push(status);
      const type = directives.get('agent');
      const wishes = type === undefined ? [] : [{ type }];
      return { server_time: new Date().toISOString(), leases: [], directives: wishes };
    },
    async claim({ max_assignments = 1 }, key) {
      claimKeys.push(key);
      enter('claim');
      return {
        assignments: waiting.splice(0, max_assignments),
        server_time: new Date().toISOString(),
        poll_after_seconds: 0.05,
      };
    },
    async reportEvents(assignmentId, { events }) {
      enter('reportEvents', assignmentId);
      batches.push([...events]);
      return { last_event_seq: events.at(-1)?.event_seq ?? 0, ...lease(assignmentId) };
    },
    async extend(assignmentId) {
      enter('extend', assignmentId);
      return lease(assignmentId);
    },
    async look(assignmentId) {
      enter('look', assignmentId);
      const deadline_at = deadlines.get(assignmentId);
      return deadline_at === undefined ? {} : { deadline_at };
    },
    async release(assignmentId) {
      enter('release', assignmentId);
      releases.push(assignmentId);
    },
    async createArtifact(assignmentId, body) {
      enter('createArtifact', assignmentId);
      if (storage === undefined) throw problem('QUOTA_EXCEEDED', { status: 429 });
      announced.push(body);
      return {
        artifact_id: `ARTIFACT${announced.length}`,
        upload_url: `${storage}/ARTIFACT${announced.length}`,
        method: 'PUT',
        headers: { 'content-type': body.mime_type ?? '' },
        expires_at: new Date().toISOString(),
      };
    },
    async getArtifact(assignmentId) {
      enter('getArtifact', assignmentId);
      throw problem('ARTIFACT_NOT_FOUND', { status: 404 });
    },
    async submitResult(assignmentId, result) {
      enter('submitResult', assignmentId);
      results.push({ ...result, assignmentId });
      return { assignment_id: assignmentId, state: 'completed', duplicate: false };
    },
  };

  const controlPlane: ControlPlane = {
    async register(request) {
      registrations.push(request);
      enter('register');
      return {
        agent_id: '01JD8X5YB2M0Q4V6T8W1Z3C5E9',
        status: 'registered',
        auth_token: runnerToken,
        token_id: 'tokenid',
        token_expires_at: new Date(Date.now() + 86_400_000).toISOString(),
        heartbeat_interval_seconds: 30,
        protocol_version: '1.1',
        tenant_id: '01JD8X5YB2M0Q4V6T8W1Z3C5E0',
        name: request.name,
        delivery: 'pull',
        lease_seconds: 30,
        replaced: false,
      };
    },
    asAgent: () => calls,
  };

  return {
    ...{ controlPlane, calls, registrations, batches, results, releases, claimKeys, heartbeats, announced },
    events: () => batches.flat(),
    logged: () => batches.flat().flatMap((event) => (event.type === 'log' ? [event.message] : [])),
    add: (assignment: Assignment) => void waiting.push(assignment),
    /** The next calls of this kind fail, one per error. */
    fail: (call: Call, ...errors: Error[]) => void failures.set(call, errors),
    /** From now on every answer about the assignment, or to the `agent`, carries this directive. */
    direct: (assignmentId: string, type: string) => void directives.set(assignmentId, type),
    /** From now on this is when the time of the assignment is up. */
    moveDeadline: (assignmentId: string, at: string) => void deadlines.set(assignmentId, at),
    /** From now on files may be uploaded below this address. */
    acceptUploads: (url: string) => {
      storage = url;
    },
    /** From now on every call about the assignment is refused: somebody ended it. */
    close: (assignmentId: string) => void closed.add(assignmentId),
  };
}

/** The agent token that the scripted control plane issues. */
export const runnerToken = 'eapt_runnertoken_0123456789abcdefghijklmnop';
