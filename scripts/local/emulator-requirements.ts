import { projectRoot } from './cloud-folder.ts';
import { installEmulatorPackages } from './emulator-packages.mjs';
import { findPython } from './required-tools.mjs';

/** Installs what a local cloud needs besides npm packages, for programs that do not begin with `npm start`. */
export const installEmulator = (): Promise<void> => installEmulatorPackages(projectRoot, findPython(), () => undefined);
