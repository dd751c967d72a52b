import * as z from 'zod';
import { PROVIDERS } from '#domain/training-job/training-job';

const Environment = z.object({
  STAGE: z.string().min(1),
  AWS_REGION: z.string().default('us-east-1'),
  TABLE_NAME: z.string().optional(),
  TENANT_ROLE_ARN: z.string().optional(),
  /** Where AWS is, if not at its own addresses. */
  AWS_ENDPOINT_URL: z.string().optional(),
  ARTIFACTS_BUCKET: z.string().optional(),
  /** Where the bucket answers by a name of its own. */
  ARTIFACTS_HOST: z.string().optional(),
  EVENT_BUS_NAME: z.string().optional(),
  SESSION_LIFECYCLE_ARN: z.string().optional(),
  FINE_TUNING_ARN: z.string().optional(),
  /** Who trains when a job does not say. */
  TRAINING_PROVIDER: z.enum(PROVIDERS).default('simulated'),
  /** Only where the stage trains on SageMaker; so are the next ones. */
  TRAINING_IMAGE: z.string().optional(),
  /** Only where trainings are begun. */
  TRAINING_ROLE_ARN: z.string().optional(),
  /** Folder of the weights of each base model, by its name. */
  TRAINING_MODELS: z
    .string()
    .default('{}')
    .transform((text) => z.record(z.string(), z.string()).parse(JSON.parse(text))),
  TRAINING_VOLUME_GB: z.coerce.number().int().default(100),
  DATASET_CURATION_ARN: z.string().optional(),
  AGENT_MASTER_KEY_SECRET: z.string().optional(),
  BOOTSTRAP_TOKEN_SECRET: z.string().optional(),
  API_VERSION: z.string().default('0.0.0'),
  STREAM_FAILURES: z.enum(['partial', 'throw']).default('partial'),
  LEASE_SECONDS: z.coerce.number().int().min(5).max(900).default(120),
  AGENT_POLL_SECONDS: z.coerce.number().min(0.1).max(60).default(2),
  AGENT_IDLE_POLL_SECONDS: z.coerce.number().min(0.1).max(150).default(5),
  KEY_ENVIRONMENT: z.enum(['live', 'test']).default('test'),
});

export type Environment = z.output<typeof Environment>;
type Optional = { [K in keyof Environment]-?: undefined extends Environment[K] ? K : never }[keyof Environment];

/** Settings of this function. Throws when the deployment left out something that every function has. */
export const parseEnvironment = (source: NodeJS.ProcessEnv): Environment => Environment.parse(source);

/** A setting that this function cannot do without. */
export const required = <K extends Optional>(environment: Environment, name: K): NonNullable<Environment[K]> => {
  const value = environment[name];
  if (value === undefined) throw new Error(`environment variable ${name} is not set`);
  return value as NonNullable<Environment[K]>;
};

/** The credentials that Lambda gives a function. */
export const ownCredentials = ({
  AWS_ACCESS_KEY_ID: accessKeyId = '',
  AWS_SECRET_ACCESS_KEY: secretAccessKey = '',
  AWS_SESSION_TOKEN: sessionToken,
}: NodeJS.ProcessEnv) => ({
  accessKeyId,
  secretAccessKey,
  // local clouds give none
  ...(sessionToken === undefined ? {} : { sessionToken }),
});
