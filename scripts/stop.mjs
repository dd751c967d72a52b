// Ends what `npm start` left running, and nothing else.
import { goOnWith } from './local/bootstrap.mjs';

process.exitCode = await goOnWith('scripts/local/stop.ts', { python: false });
