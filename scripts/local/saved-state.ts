import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { CloudFolder } from './cloud-folder.ts';
import { readJson, writePrivateJson } from './private-file.ts';

const SavedFunctions = z.looseObject({
  payload: z.looseObject({ dynamodb_stream_positions: z.looseObject({ data: z.record(z.string(), z.number()) }) }),
});

/** Whether an emulator saved its state here when it was stopped. Without it the objects that buckets keep on disk make no sense. */
export const hasSavedState = (folder: CloudFolder): boolean => existsSync(join(folder.state, 'cloudformation.json'));

/**
 * The emulator saves how far a function has read a table's stream, but not the stream: read on from there, it would skip as
 * many new records as there were old ones. Without a position it begins at the start of the new stream.
 */
export const forgetStreamPositions = (folder: CloudFolder): void => {
  const file = join(folder.state, 'lambda.json');
  const saved = readJson(file, (value) => SavedFunctions.parse(value));
  if (!saved) return;
  saved.payload.dynamodb_stream_positions.data = {};
  writePrivateJson(file, saved);
};
