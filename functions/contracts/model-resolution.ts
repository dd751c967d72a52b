import * as z from 'zod';

/** What a name in the registry meant when the attempt began. */
export const ModelResolution = z
  .object({
    requested: z.string(),
    version: z.string(),
    alias: z.string().nullable(),
    model_identifier: z.string().describe('What the agent was told'),
    simulated: z.boolean(),
  })
  .meta({ id: 'ModelResolution' });
