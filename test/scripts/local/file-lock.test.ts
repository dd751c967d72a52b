import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withLock } from '#scripts/local/file-lock';
import { identify } from '#scripts/local/process-identity';

let folder: string;
let lock: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'));
  lock = join(folder, 'lock.json');
});

afterEach(() => rmSync(folder, { recursive: true }));

describe('a lock', () => {
  it('is held during the work and given back after it', async () => {
    expect(await withLock(lock, 0, async () => existsSync(lock))).toBe(true);
    expect(existsSync(lock)).toBe(false);
  });

  it('is given back when the work fails', async () => {
    const work = () => Promise.reject(new Error('broken'));
    await expect(withLock(lock, 0, work)).rejects.toThrow('broken');
    expect(existsSync(lock)).toBe(false);
  });

  it('refuses a second command with a sentence that names the first', async () => {
    writeFileSync(lock, JSON.stringify(identify(process.pid)));
    await expect(withLock(lock, 0, async () => 'done')).rejects.toThrow(`process ${process.pid}`);
    expect(existsSync(lock)).toBe(true);
  });

  it.each([
    ['has ended', JSON.stringify({ pid: process.pid, started: 'long ago' })],
    ['left no name', ''],
  ])('is taken over from an owner that %s', async (_, content) => {
    writeFileSync(lock, content);
    expect(await withLock(lock, 0, async () => 'done')).toBe('done');
  });

  it('lets one work after the other', async () => {
    const order: string[] = [];
    const work = (name: string) => async () => {
      order.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, 20));
      order.push(`${name} ends`);
    };
    await Promise.all([withLock(lock, 10_000, work('a')), withLock(lock, 10_000, work('b'))]);
    expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  });
});
