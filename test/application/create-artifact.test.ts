import { expect, it } from 'vitest';
import { makeCreateArtifact } from '#application/create-artifact';
import { ConcurrentUpdate } from '#domain/errors';
import { aWorld } from '#test/support/world';

const SHA256 = 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9';
const announced = { path: 'report.html', sizeBytes: 11, mimeType: 'text/html', sha256: SHA256 };
const TRIES = 8;

it('a file is announced once, also when the sign of life that comes with it loses against everybody else', async () => {
  const world = await aWorld();
  const { granted } = await world.working({}, { leaseSeconds: 300 });
  const { id: assignmentId, agentId = '', fencingToken } = granted.assignment;
  world.clock.advance(60);
  for (let tries = 0; tries < TRIES; tries++) {
    world.engine.before('agent', () => {
      throw new ConcurrentUpdate('agent');
    });
  }
  const announce = () => makeCreateArtifact(world)({ agentId, assignmentId, fencingToken, announced });
  await expect(announce()).rejects.toThrow(ConcurrentUpdate);
  await announce();
  expect(world.items('artifact')).toHaveLength(1);
  expect(await world.store.getAssignment(assignmentId)).toMatchObject({ artifacts: { count: 1, bytes: 11 } });
});
