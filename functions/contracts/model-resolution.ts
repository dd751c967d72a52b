import * as z from 'zod';

/** What a name in the registry meant when the attempt began. */
export const ModelResolution = z
  .object({
    requested: z.string(),
    version: z.string(),
    alias: z.string().nullable(),
    model_identifier: z.string().describe('What the agent was told'),
    simulated: z.boolean(),
    trial: z.number().int().optional().describe('Number of the trial of a challenger that the attempt is part of'),
  })
  .meta({ id: 'ModelResolution' });
