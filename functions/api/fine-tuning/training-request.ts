import type * as z from 'zod';
import type { CreateTrainingJobRequest } from '#contracts/training-job';
import { fromWire } from '#contracts/wire-case';
import { type FieldError, InvalidInput } from '#domain/errors';
import { DEFAULT_QUANTIZATION_BITS, WAIT_FACTOR } from '#domain/training-job/parameters';
import { DEFAULT_SIMULATION } from '#domain/training-job/simulation';
import type { ProviderName, TrainingInput } from '#domain/training-job/training-job';
import type { Environment } from '#runtime/environment';

/** The providers that a stage trains with; the first one is its own choice. */
export const offeredProviders = (byDefault: ProviderName): readonly ProviderName[] => [
  ...new Set<ProviderName>([byDefault, 'simulated']),
];

/** What a stage trains with. */
export type TrainingOffer = Pick<Environment, 'TRAINING_PROVIDER' | 'TRAINING_MODELS'>;

/** SageMaker trains only what the stage has weights of, and the training program on one machine only. */
const notOnSageMaker = (
  { base_model, compute: { instance_count } }: z.output<typeof CreateTrainingJobRequest>,
  { TRAINING_MODELS: models }: TrainingOffer,
): FieldError[] => [
  ...(Object.hasOwn(models, base_model)
    ? []
    : [
        {
          path: '/base_model',
          message: `is not in the catalog of this stage; use ${Object.keys(models).join(' or ')}`,
        },
      ]),
  ...(instance_count === 1 ? [] : [{ path: '/compute/instance_count', message: 'has to be 1 with sagemaker' }]),
];

/** What a client asks to be trained, with everything that it left to the stage. @throws InvalidInput */
export const trainingRequest = (
  body: z.output<typeof CreateTrainingJobRequest>,
  offer: TrainingOffer,
): { provider: ProviderName; datasetId: string | undefined; input: TrainingInput } => {
  const { TRAINING_PROVIDER: byDefault } = offer;
  const { provider = byDefault, datasetId, parameters, compute, gate, simulation } = fromWire(body);
  const offered = offeredProviders(byDefault);
  if (!offered.includes(provider))
    throw new InvalidInput([
      { path: '/provider', message: `is not offered by this stage; use ${offered.join(' or ')}` },
    ]);
  if (simulation !== undefined && provider !== 'simulated')
    throw new InvalidInput([{ path: '/simulation', message: 'only a simulated training has it' }]);
  const refused = provider === 'sagemaker' ? notOnSageMaker(body, offer) : [];
  if (refused.length > 0) throw new InvalidInput(refused);
  const bits = parameters.method === 'qlora' ? (parameters.quantizationBits ?? DEFAULT_QUANTIZATION_BITS) : undefined;
  return {
    provider,
    datasetId: datasetId ?? undefined,
    input: {
      parameters: { ...parameters, quantizationBits: bits },
      compute: { ...compute, maxWaitSeconds: compute.maxWaitSeconds ?? WAIT_FACTOR * compute.maxRuntimeSeconds },
      gate,
      ...(provider === 'simulated' ? { simulation: { ...DEFAULT_SIMULATION, ...simulation } } : {}),
      metadata: body.metadata,
    },
  };
};
