import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { exitCode } from './exit-code.ts';
import { Refusal } from './refusal.ts';

/**
 * Writes what an address of object storage gives into a file; with a SHA-256 only what has it.
 * @throws Refusal when it gives nothing, or something else.
 */
export const download = async (url: string, file: string, sha256?: string): Promise<void> => {
  const answer = await fetch(url);
  if (!answer.ok || answer.body === null)
    throw new Refusal(`the download was answered with ${answer.status}`, {
      code: exitCode.notReachable,
      remedy: 'run the command again: it asks for new addresses',
    });
  const hash = createHash('sha256');
  const hashed = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      hash.update(chunk);
      yield chunk;
    }
  };
  await pipeline(Readable.fromWeb(answer.body as ReadableStream), hashed, createWriteStream(file));
  if (sha256 === undefined || hash.digest('hex') === sha256) return;
  await rm(file);
  throw new Refusal(`${file} came with other bytes than were announced, and was removed.`, {
    code: exitCode.notReachable,
  });
};
