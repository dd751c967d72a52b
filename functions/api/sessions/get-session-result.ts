import { routes } from '#contracts/routes';
import { toWire } from '#contracts/wire-case';
import { noUsage } from '#domain/session/live';
import { judgedVerification } from '#domain/session/outcome';
import { isTerminal } from '#domain/session/status';
import { route } from '#runtime/http/route-handler';

/** GET /sessions/{session_id}/result */
export const getSessionResult = route(routes.getSessionResult, async ({ params, query, tenantId }, { storeOf }) => {
  const store = storeOf(tenantId);
  const session = await store.getSession(params.session_id);
  const { attempt = session.attempt } = query;
  const [result, live, input] = await Promise.all([
    store.findResult(session.id, attempt),
    store.findLive(session.id),
    store.findInput(session.id),
  ]);
  const judged = result ? judgedVerification(input?.workspace, result) : [];
  const usage = {
    ...(result?.usage ?? (live?.attempt === attempt ? live.usage : noUsage)),
    agentMs: result?.agentMs,
    verifyMs: result?.verifyMs,
  };
  const verification = judged.map((command, index) => {
    const { exitCode = null, durationMs = 0, output = '' } = result?.verification[index] ?? {};
    return { ...command, exitCode, durationMs, output };
  });
  const final = attempt < session.attempt || isTerminal(session.status);
  return { body: toWire({ ...result, sessionId: session.id, attempt, final, usage, verification }) };
});
