import { makeStoreArtifacts } from '#application/store-artifacts';
import { makeSubmitResult, type SubmitResultInput } from '#application/submit-result';
import { agentRoutes } from '#contracts/agent-routes';
import { fromWire } from '#contracts/wire-case';
import { route } from '#runtime/http/route-handler';
import type { PortsWithObjects } from '#runtime/ports-with-objects';

/** POST …/assignments/{assignment_id}/result */
export const eapSubmitResult = route(
  agentRoutes.eapSubmitResult,
  async ({ params, body, bodyText, tenantId }, { storeOf, objectsOf, clock, ids, digest }: PortsWithObjects) => {
    const { outputData, metrics, taskId, fencingToken, artifacts, ...outcome } = fromWire(body);
    const { diff, summary, files, verification, simulated, diffCut, model, ...output } = outputData;
    const result: SubmitResultInput['result'] = {
      status: outcome.status as SubmitResultInput['result']['status'],
      partial: outcome.partial,
      retryable: outcome.retryable,
      errorCode: outcome.errorCode,
      errorMessage: outcome.errorMessage,
      executionTimeMs: outcome.executionTimeMs,
      agentSuccessRate: outcome.successRate ?? undefined,
      confidenceScore: outcome.confidenceScore ?? undefined,
      usage: metrics,
      summary,
      files,
      verification,
      simulated,
      diffCut,
      model,
      baseCommit: output.baseCommit,
      resultCommit: output.resultCommit,
      resultBranch: output.resultBranch,
      pushed: output.pushed,
      agentMs: output.agentMs,
      verifyMs: output.verifyMs,
    };
    const assignment = { agentId: params.agent_id, assignmentId: params.assignment_id, fencingToken };
    const storeArtifacts = makeStoreArtifacts({ store: storeOf(tenantId), objects: objectsOf(tenantId), clock, ids });
    await storeArtifacts({ ...assignment, taskId, named: artifacts });
    const submit = makeSubmitResult({ store: storeOf(tenantId), clock, ids });
    const submitted = await submit({
      ...assignment,
      taskId,
      result,
      diff,
      digest: digest.sha256(bodyText),
    });
    return { body: { assignment_id: params.assignment_id, ...submitted } };
  },
);
