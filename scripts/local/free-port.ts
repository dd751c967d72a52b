import { createServer } from 'node:net';
import { Problem } from './problem.mjs';

const firstPort = 4566;
const lastPort = 4599;

/** Whether a server could listen on this port of the loopback address. Port 0 always can. */
export const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });

/** A port that nobody uses, chosen by the system. */
export const anyFreePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port: 0, host: '127.0.0.1' }, () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });

/** The port used before while it is free, else the first free one of the usual range, else any. */
export const choosePort = async (before: number | undefined, isPortFree = isFree): Promise<number> => {
  const usual = Array.from({ length: lastPort - firstPort + 1 }, (_, offset) => firstPort + offset);
  for (const port of [...(before ? [before] : []), ...usual]) if (await isPortFree(port)) return port;
  return anyFreePort();
};

/** The port that saved data belong to: the emulator writes it into the addresses of its queues. @throws Problem while somebody else listens there */
export const portOfSavedData = async (port: number, isPortFree = isFree): Promise<number> => {
  if (await isPortFree(port)) return port;
  throw new Problem(
    `The saved data belong to port ${port}, where something else listens now: end that, or forget the data with npm run reset.`,
  );
};
