import * as z from 'zod';
import {
  ArtifactDownload,
  ArtifactList,
  CreateArtifactAnswer,
  CreateArtifactRequest,
  ListArtifactsQuery,
} from './artifact.ts';
import { Ulid } from './primitives.ts';
import type { Route } from './route.ts';

const API = '/api/v1';
const ARTIFACTS = `${API}/sessions/{session_id}/artifacts` as const;
const WORK_ARTIFACTS = `${API}/agents/external/{agent_id}/assignments/{assignment_id}/artifacts` as const;

/** Operations on files that agents hand over. Bytes go to object storage and come from there, by URLs that expire. */
export const artifactRoutes = {
  eapCreateArtifact: {
    operationId: 'eap_create_artifact',
    method: 'POST',
    path: WORK_ARTIFACTS,
    role: 'agent',
    group: 'presign',
    summary: 'Announces a file of an assignment and tells where to upload it.',
    success: 201,
    params: z.strictObject({ agent_id: Ulid, assignment_id: Ulid }),
    body: CreateArtifactRequest,
    response: CreateArtifactAnswer,
    errors: [
      'INVALID_AGENT_TOKEN',
      'AGENT_NOT_FOUND',
      'ASSIGNMENT_NOT_FOUND',
      'STALE_FENCING_TOKEN',
      'ASSIGNMENT_CLOSED',
      'ASSIGNMENT_DEADLINE_PASSED',
      'ARTIFACT_TOO_LARGE',
      'QUOTA_EXCEEDED',
      'IDEMPOTENCY_KEY_REUSED',
      'CONCURRENT_UPDATE',
    ],
  },
  eapGetArtifact: {
    operationId: 'eap_get_artifact',
    method: 'GET',
    path: `${WORK_ARTIFACTS}/{artifact_id}`,
    role: 'agent',
    group: 'presign',
    summary: 'Tells where to download a file of the session, such as a checkpoint names.',
    success: 200,
    params: z.strictObject({ agent_id: Ulid, assignment_id: Ulid, artifact_id: Ulid }),
    response: ArtifactDownload,
    errors: ['INVALID_AGENT_TOKEN', 'AGENT_NOT_FOUND', 'ASSIGNMENT_NOT_FOUND', 'ARTIFACT_NOT_FOUND'],
  },
  listSessionArtifacts: {
    operationId: 'list_session_artifacts',
    method: 'GET',
    path: ARTIFACTS,
    role: 'viewer',
    group: 'sessions-query',
    summary: "Lists the files that an attempt's result named.",
    success: 200,
    params: z.strictObject({ session_id: Ulid }),
    query: ListArtifactsQuery,
    response: ArtifactList,
    errors: ['SESSION_NOT_FOUND', 'INVALID_CURSOR'],
  },
  getSessionArtifact: {
    operationId: 'get_session_artifact',
    method: 'GET',
    path: `${ARTIFACTS}/{artifact_id}`,
    role: 'viewer',
    group: 'presign',
    summary: 'Leads to the download of a file: redirects, or tells the address when JSON is asked for.',
    success: 200,
    redirects: true,
    params: z.strictObject({ session_id: Ulid, artifact_id: Ulid }),
    response: ArtifactDownload,
    errors: ['SESSION_NOT_FOUND', 'ARTIFACT_NOT_FOUND'],
  },
} as const satisfies Record<string, Route>;
