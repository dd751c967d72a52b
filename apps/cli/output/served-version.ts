import type * as z from 'zod';
import type { ModelResolution } from '#contracts/model-resolution';

/** Which version of a model of the registry did the work, how it was found, and whether it was one that was never trained. */
export const servedVersion = (resolution: z.output<typeof ModelResolution> | undefined): string | undefined => {
  if (resolution === undefined) return undefined;
  const { requested, version, alias, trial, simulated } = resolution;
  const notes = [
    ...(alias === null ? [] : [alias]),
    ...(trial === undefined ? [] : [`trial ${trial}`]),
    ...(simulated ? ['simulated: a base model stood in'] : []),
  ];
  const [model] = requested.split(':', 1);
  return `${model} ${version}${notes.length === 0 ? '' : ` (${notes.join('; ')})`}`;
};
