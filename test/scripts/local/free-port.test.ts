import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { anyFreePort, choosePort, isFree, portOfSavedData } from '#scripts/local/free-port';

const onlyFree =
  (...ports: number[]) =>
  async (port: number) =>
    ports.includes(port);

describe('the port of the local cloud', () => {
  it('is the one used before while that is free', async () => {
    expect(await choosePort(4571, onlyFree(4566, 4571))).toBe(4571);
  });

  it('is 4566 at the first start', async () => {
    expect(await choosePort(undefined, onlyFree(4566, 4567))).toBe(4566);
  });

  it('is the next free one when others are taken', async () => {
    expect(await choosePort(4566, onlyFree(4569, 4570))).toBe(4569);
  });

  it('is any free one when the usual ones are taken', async () => {
    const port = await choosePort(undefined, async () => false);
    expect(port).toBeGreaterThan(0);
    expect(await isFree(port)).toBe(true);
  });
});

describe('the port of saved data', () => {
  it('stays the same', async () => {
    expect(await portOfSavedData(4567, onlyFree(4566, 4567))).toBe(4567);
  });

  it('is waited for by the user while somebody else has it: elsewhere the data would not work', async () => {
    await expect(portOfSavedData(4567, onlyFree(4566))).rejects.toThrow(
      'The saved data belong to port 4567, where something else listens now: end that, or forget the data with npm run reset.',
    );
  });
});

describe('a port that somebody listens on', () => {
  it('is not free', async () => {
    const port = await anyFreePort();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    expect(await isFree(port)).toBe(false);
    await new Promise((resolve) => server.close(resolve));
    expect(await isFree(port)).toBe(true);
  });
});
