import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** The root of this clone. */
export const projectRoot: string = join(import.meta.dirname, '../..');

/** Where one local cloud keeps everything it has: two of them with different folders share nothing. */
export const cloudFolder = (path: string) => ({
  path,
  stackFile: join(path, 'stack.json'),
  credentialsFile: join(path, 'credentials.json'),
  emulatorFile: join(path, 'emulator.json'),
  runnerFile: join(path, 'runner.json'),
  lockFile: join(path, 'lock.json'),
  state: join(path, 'state'),
  home: join(path, 'home'),
  temp: join(path, 'tmp'),
  logs: join(path, 'logs'),
  runnerWork: join(path, 'runner'),
  sampleRepository: join(path, 'sample-repository'),
});

export type CloudFolder = ReturnType<typeof cloudFolder>;

/** The folder of `npm start`. */
export const defaultCloudFolder = (): CloudFolder => cloudFolder(join(projectRoot, '.local'));

/** Makes a folder that only its owner can read, unless it is there. */
export const makePrivateFolder = (path: string): void => {
  mkdirSync(path, { recursive: true, mode: 0o700 });
};
