import { createRequire } from 'node:module';
import path from 'node:path';

/** OPENCODE_BINARY, else the installed package, else whatever `opencode` the PATH has. */
export function openCodeBinary(env: Readonly<Record<string, string | undefined>>): string {
  const named = env['OPENCODE_BINARY'];
  if (named) return named;
  try {
    const manifest = createRequire(import.meta.url).resolve(
      `opencode-${process.platform}-${process.arch}/package.json`,
    );
    return path.join(path.dirname(manifest), 'bin', 'opencode');
  } catch {
    return 'opencode';
  }
}
