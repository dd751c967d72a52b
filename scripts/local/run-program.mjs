import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Problem } from './problem.mjs';

const shownLines = 30;

/** The last lines of a log file, to be shown with a failure; empty when there is none. */
export function tail(file, lines = shownLines) {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '';
  }
}

/** Runs a program with its output in a log file. Rejects with a Problem that shows the log's end when it fails. */
export function runProgram(command, args, { log, remedy = '', ...options }) {
  mkdirSync(dirname(log), { recursive: true });
  const output = createWriteStream(log, { mode: 0o600 });
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    child.stdout.pipe(output, { end: false });
    child.stderr.pipe(output, { end: false });
    child.on('error', (error) =>
      output.end(() => reject(new Problem(`${command} cannot be started: ${error.message}`))),
    );
    child.on('close', (code, signal) =>
      output.end(() => {
        if (code === 0) return resolve();
        const name = [command.split('/').pop(), ...args.slice(0, 2)].join(' ');
        reject(
          new Problem(
            `${tail(log)}\n\n${name} ended with ${signal ?? code}; all of its output is in ${log}. ${remedy}`.trim(),
          ),
        );
      }),
    );
  });
}
