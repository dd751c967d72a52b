import type { SpawnOptions } from 'node:child_process';

export declare function tail(file: string, lines?: number): string;
export declare function runProgram(
  command: string,
  args: readonly string[],
  options: { log: string; remedy?: string } & Pick<SpawnOptions, 'cwd' | 'env'>,
): Promise<void>;
