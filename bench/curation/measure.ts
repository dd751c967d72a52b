/** `node bench/curation/measure.ts <sessions>`: builds one dataset in a process of its own and prints what that took, as JSON. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { nodeDigest } from '#adapters/node/node-digest';
import { systemClock } from '#adapters/node/system-clock';
import { makeCurateSlice } from '#application/curate-slice';
import { makeWriteDatasetFiles } from '#application/write-dataset-files';
import { countedIdentifiers } from '#test/support/ports-in-memory';
import { filesOnDisk } from './files-on-disk.ts';
import { generatedSessions } from './generated-sessions.ts';

/** What building a dataset of so many sessions took. Memory is the most that the process ever held. */
export interface Measured {
  readonly readSeconds: number;
  readonly readMegabytes: number;
  readonly writeSeconds: number;
  readonly writeMegabytes: number;
  readonly samples: number;
  readonly duplicates: number;
  readonly nearDuplicates: number;
  readonly fileMegabytes: number;
}

const MEGA = 1e6;
const KILO = 1024;
const sessions = Number(process.argv[2]);
const folder = mkdtempSync(path.join(tmpdir(), 'iorch-bench-'));
const peak = () => (process.resourceUsage().maxRSS * KILO) / MEGA;

try {
  const { store, dataset } = generatedSessions(sessions);
  const ports = {
    store,
    files: filesOnDisk(folder),
    objects: { readText: async () => undefined },
    clock: systemClock,
    digest: nodeDigest,
    ids: countedIdentifiers(),
  };
  const { id: datasetId } = dataset();
  const startedAt = performance.now();
  const slice = makeCurateSlice(ports, { sessions, sessionsPerPart: 500 });
  while ((await slice({ datasetId })) === 'more');
  const readAt = performance.now();
  const readMegabytes = peak();
  await makeWriteDatasetFiles(ports)({ datasetId });
  const { counts, bytes } = dataset();
  const measured: Measured = {
    readSeconds: (readAt - startedAt) / 1000,
    readMegabytes,
    writeSeconds: (performance.now() - readAt) / 1000,
    writeMegabytes: peak(),
    samples: counts.samples,
    duplicates: counts.duplicates,
    nearDuplicates: counts.nearDuplicates,
    fileMegabytes: (bytes.train + bytes.eval) / MEGA,
  };
  process.stdout.write(JSON.stringify(measured));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
