import type { Python } from './required-tools.mjs';

export declare function installEmulatorPackages(
  root: string,
  python: Python,
  remark: (text: string) => void,
): Promise<void>;
