import { describe, expect, it } from 'vitest';
import { announceArtifact } from '#domain/artifact/announce-artifact';
import { ARTIFACT_LIMITS, isArtifactPath } from '#domain/artifact/artifact';
import { ArtifactMismatch, ArtifactTooLarge } from '#domain/artifact/errors';
import { checkUpload, storeArtifacts } from '#domain/artifact/store-artifacts';
import { QuotaExceeded } from '#domain/errors';
import { aSession, NOON } from '#test/support/a-session';
import { aWorkItem } from '#test/support/a-work-item';

const file = { path: 'report.html', sizeBytes: 5, mimeType: 'text/html', sha256: 'abc' };
const announce = (fields: Partial<typeof file> = {}, assignment = aWorkItem()) =>
  announceArtifact(assignment, { ...file, ...fields }, { id: 'ARTIFACT', at: NOON });

describe('the path of an artifact', () => {
  it.each(['a', 'a/b.txt', '.hidden', 'a..b/c', 'ü/…', 'x'.repeat(512)])('may be %s', (path) => {
    expect(isArtifactPath(path)).toBe(true);
  });

  it.each(['', '/etc/passwd', '../x', 'a/../b', 'a/..', 'a\\b', 'a\0b', 'x'.repeat(513)])('may not be %j', (path) => {
    expect(isArtifactPath(path)).toBe(false);
  });
});

describe('an announced artifact', () => {
  it('belongs to the attempt of its assignment and counts against what that may upload', () => {
    const { artifact, assignment } = announce();
    expect(artifact).toEqual({
      ...file,
      id: 'ARTIFACT',
      sessionId: 'SESSION',
      attempt: 1,
      assignmentId: 'ASSIGNMENT',
      createdAt: NOON,
      revision: 0,
    });
    expect(announce({ sizeBytes: 7 }, assignment).assignment.artifacts).toEqual({ count: 2, bytes: 12 });
  });

  it('has at most 100 MB', () => {
    const { bytesEach } = ARTIFACT_LIMITS;
    expect(announce({ sizeBytes: bytesEach }).artifact.sizeBytes).toBe(bytesEach);
    expect(() => announce({ sizeBytes: bytesEach + 1 })).toThrow(ArtifactTooLarge);
  });

  it('is the 200th at most, within 1 GB together', () => {
    const { count, bytesTogether } = ARTIFACT_LIMITS;
    const used = (artifacts: { count: number; bytes: number }) => aWorkItem({ artifacts });
    expect(announce({}, used({ count: count - 1, bytes: bytesTogether - 5 })).assignment.artifacts?.count).toBe(200);
    expect(() => announce({}, used({ count, bytes: 0 }))).toThrow(QuotaExceeded);
    expect(() => announce({}, used({ count: 1, bytes: bytesTogether - 4 }))).toThrow(QuotaExceeded);
  });
});

describe('an uploaded file', () => {
  it.each([
    ['nothing', undefined],
    ['another size', { sizeBytes: 6, sha256: 'abc' }],
    ['another content', { sizeBytes: 5, sha256: 'def' }],
    ['a content that nobody can tell', { sizeBytes: 5 }],
  ])('that is %s is refused', (_, uploaded) => {
    expect(() => checkUpload(announce().artifact, uploaded)).toThrow(ArtifactMismatch);
  });

  it('that is the announced one is recorded in the session', () => {
    const { artifact } = announce();
    checkUpload(artifact, { sizeBytes: 5, sha256: 'abc' });
    const { after, events } = storeArtifacts(aSession({ version: 3 }), [artifact, artifact], NOON);
    expect(after.version).toBe(5);
    expect(events[0]).toMatchObject({
      seq: 4,
      type: 'session.artifact_added',
      payload: { artifact_id: 'ARTIFACT', path: 'report.html', size_bytes: 5, mime_type: 'text/html' },
    });
  });
});
