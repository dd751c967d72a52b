// Starts the local cloud and leaves it running. Plain JavaScript until the project's own Node is there.
import { goOnWith } from './local/bootstrap.mjs';

process.exitCode = await goOnWith('scripts/local/start.ts', { python: true });
