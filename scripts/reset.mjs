// Ends the local cloud and forgets its data.
import { goOnWith } from './local/bootstrap.mjs';

process.exitCode = await goOnWith('scripts/local/reset.ts', { python: false });
