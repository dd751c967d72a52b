import type { Command } from 'commander';
import type { Context } from './context.ts';
import type { ExitCode } from './exit-code.ts';

export const addRunnerCommand = (_program: Command, _context: Context, _end: (code: ExitCode) => void) => undefined;
