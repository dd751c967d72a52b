import * as z from 'zod';

const IMAGE =
  /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\/([a-z0-9][a-z0-9._/-]*)(?::[\w][\w.-]{0,127}|@sha256:[0-9a-f]{64})$/;
const FOLDER = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/(.+\/)$/;
/** Environment variables of a function have 4 KB in all. */
const LARGEST_CATALOG = 2000;

const fromText = (value: unknown): unknown => {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
};

/** CDK context of a stage that trains on SageMaker. Image and models come together or not at all. */
export const trainingContext = {
  training_image: z
    .string()
    .regex(IMAGE, 'must be an image of ECR with a tag or digest: <account>.dkr.ecr.<region>.amazonaws.com/<name>:<tag>')
    .optional(),
  training_models: z
    .preprocess(
      fromText,
      z
        .record(
          z.string().min(1).max(200),
          z.string().regex(FOLDER, 'must be a folder: s3://<bucket>/<path>/, with the slash at its end'),
        )
        .refine((models) => Object.keys(models).length > 0, 'must name at least one base model')
        .refine(
          (models) => JSON.stringify(models).length <= LARGEST_CATALOG,
          `must have at most ${LARGEST_CATALOG} characters`,
        ),
    )
    .optional(),
  training_volume_gb: z.coerce.number().int().min(1).max(16_384).default(100),
};

interface TrainingContext {
  readonly training_image?: string | undefined;
  readonly training_models?: Readonly<Record<string, string>> | undefined;
  readonly training_volume_gb: number;
}

/** What a stage trains with on SageMaker. */
export interface TrainingSettings {
  /** The image of the training program, in a registry of ECR. */
  readonly image: string;
  readonly repository: { readonly account: string; readonly region: string; readonly name: string };
  /** Where the weights of each base model lie, by its name. */
  readonly baseModels: Readonly<Record<string, string>>;
  readonly volumeGb: number;
}

/** Whether only one of the two was given that are of use together. */
export const isHalf = ({ training_image, training_models }: TrainingContext): boolean =>
  (training_image === undefined) !== (training_models === undefined);

/** Undefined for a stage that does not train on SageMaker. */
export const trainingSettings = (context: TrainingContext): TrainingSettings | undefined => {
  const { training_image: image, training_models: baseModels, training_volume_gb: volumeGb } = context;
  const [, account, region, name] = IMAGE.exec(image ?? '') ?? [];
  if (image === undefined || baseModels === undefined) return undefined;
  if (account === undefined || region === undefined || name === undefined) return undefined;
  return { image, repository: { account, region, name }, baseModels, volumeGb };
};

/** Bucket and path of a folder of weights. */
export const folderOf = (uri: string): { readonly bucket: string; readonly path: string } => {
  const [, bucket = '', path = ''] = FOLDER.exec(uri) ?? [];
  return { bucket, path };
};
