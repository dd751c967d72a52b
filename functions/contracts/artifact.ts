import * as z from 'zod';
import { isArtifactPath } from '#domain/artifact/artifact';
import { pageOf, pageQuery, Timestamp, Ulid, wholeNumber } from './primitives.ts';

export const ArtifactPath = z
  .string()
  .refine(isArtifactPath, 'must be a relative path of at most 512 characters without .., \\ and NUL')
  .meta({ maxLength: 512 });

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits in lower case');
const MimeType = z
  .string()
  .max(100)
  .regex(/^[\w.+-]+\/[\w.+-]+$/, 'must be like text/plain');

export const CreateArtifactRequest = z
  .object({
    fencing_token: z.number().int().min(0),
    path: ArtifactPath,
    size_bytes: z.number().int().min(0),
    mime_type: MimeType.default('application/octet-stream'),
    sha256: Sha256,
  })
  .meta({
    id: 'CreateArtifactRequest',
    example: {
      fencing_token: 1,
      path: 'report.html',
      size_bytes: 11,
      mime_type: 'text/html',
      sha256: 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9',
    },
  });

/** Whoever has the URL may upload exactly the announced bytes until it expires. */
export const CreateArtifactAnswer = z
  .object({
    artifact_id: Ulid,
    upload_url: z.string(),
    method: z.literal('PUT'),
    headers: z.record(z.string(), z.string()),
    expires_at: Timestamp,
  })
  .meta({ id: 'CreateArtifactAnswer' });

export const ArtifactDownload = z
  .object({
    artifact_id: Ulid,
    download_url: z.string(),
    expires_at: Timestamp,
    size_bytes: z.number().int(),
    sha256: z.string(),
  })
  .meta({ id: 'ArtifactDownload' });

export const Artifact = z
  .object({
    id: Ulid,
    attempt: z.number().int(),
    assignment_id: Ulid,
    path: z.string(),
    size_bytes: z.number().int(),
    mime_type: z.string(),
    sha256: z.string(),
    created_at: Timestamp,
  })
  .meta({ id: 'Artifact' });

export const ArtifactList = pageOf(Artifact).meta({ id: 'ArtifactList' });

export const ListArtifactsQuery = z.strictObject({
  ...pageQuery,
  attempt: wholeNumber(1).optional(),
});
