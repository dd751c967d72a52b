import { httpHandler } from '#runtime/http/http-handler';
import { portsWithObjects } from '#runtime/ports-with-objects';
import { eapCreateArtifact } from './eap-create-artifact.ts';
import { eapGetArtifact } from './eap-get-artifact.ts';
import { getSessionArtifact } from './get-session-artifact.ts';

/** What hands out addresses in object storage. */
export const presignRoutes = [eapCreateArtifact, eapGetArtifact, getSessionArtifact];

export const handler = httpHandler(presignRoutes, portsWithObjects);
