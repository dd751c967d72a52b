// Runs every test: first those of single parts, then the end-to-end ones on a local cloud of their own.
import { goOnWith } from './local/bootstrap.mjs';

process.exitCode = await goOnWith('scripts/local/test.ts', { python: true });
