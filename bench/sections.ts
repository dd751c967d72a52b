import type { Section } from './section.ts';
import { bundles } from './sections/bundles.ts';
import { curation } from './sections/curation.ts';
import { largestDataset } from './sections/largest-dataset.ts';
import { poller } from './sections/poller.ts';
import { session } from './sections/session.ts';
import { start } from './sections/start.ts';
import { training } from './sections/training.ts';
import { units } from './sections/units.ts';

/** Everything that is measured, in the order of docs/performance.md. */
export const sections: readonly Section[] = [
  units,
  training,
  poller,
  bundles,
  curation,
  largestDataset,
  session,
  start,
];
