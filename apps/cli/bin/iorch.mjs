#!/usr/bin/env node
// Starts the CLI under the project's own Node 24, whatever Node started this file. Plain JavaScript without dependencies.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..', '..');
const main = join(here, '..', 'main.ts');
const projectNode = join(root, 'node_modules', '.bin', 'node');
const isRecent = Number.parseInt(process.versions.node, 10) >= 24;

/**
 * npx passes no signal on: who ends it ends only npx and its shell, and a runner would go on unseen. So this ends, too, as by
 * the signal, when its parent is gone.
 */
const endWithNpx = (end) => {
  if (!/^'?iorch'?( |$)/.test(process.env.npm_lifecycle_script ?? '')) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    end();
  }, 500);
  watch.unref();
};

if (!existsSync(join(root, 'node_modules', 'commander'))) {
  process.stderr.write(`iorch: its packages are not installed. Run: npm ci   (in ${root})\n`);
  process.exitCode = 2;
} else if (isRecent) {
  endWithNpx(() => process.kill(process.pid, 'SIGTERM'));
  await import(pathToFileURL(main).href);
} else if (existsSync(projectNode)) {
  // over the channel the child hears when this process is gone, however it was ended
  const stdio = ['inherit', 'inherit', 'inherit', 'ipc'];
  const child = spawn(projectNode, [main, ...process.argv.slice(2)], { stdio });
  // the terminal sends signals to the whole group; only those sent to this process alone are passed on
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  process.on('SIGINT', () => undefined);
  endWithNpx(() => child.kill('SIGTERM'));
  child.on('error', (error) => {
    process.stderr.write(`iorch: ${error.message}\n`);
    process.exitCode = 2;
  });
  child.on('exit', (code, signal) => {
    if (signal) process.kill(process.pid, signal);
    else process.exitCode = code ?? 1;
  });
} else {
  process.stderr.write(
    `iorch: Node ${process.versions.node} is too old, and the project's own Node 24 is not installed.\n` +
      `Run: npm ci   (in ${root}; without --ignore-scripts)\n`,
  );
  process.exitCode = 2;
}
