import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the package says of itself: its version, and the version of OpenCode that it is tested with. */
export const packageFacts = (): { readonly version: string; readonly openCodeVersion: string | undefined } => {
  const file = join(import.meta.dirname, '..', '..', 'package.json');
  const { version, dependencies = {} } = JSON.parse(readFileSync(file, 'utf8'));
  return { version, openCodeVersion: dependencies['@opencode-ai/sdk'] };
};
