import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Object storage over HTTP: keeps what is put under its path, or refuses all with a status. */
export const anUploadStorage = async (status = 200) => {
  const files = new Map<string, string>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (status < 400) files.set((request.url ?? '').slice(1), Buffer.concat(chunks).toString());
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, files, close: () => void server.close() };
};
