import { type FieldError, InvalidInput } from '#domain/errors';
import {
  type Compute,
  DEFAULT_QUANTIZATION_BITS,
  type TrainingParameters,
  WAIT_FACTOR,
} from '#domain/training-job/parameters';
import { DEFAULT_SIMULATION } from '#domain/training-job/simulation';
import type { ProviderName, TrainingInput } from '#domain/training-job/training-job';

/** What a client sent; the rest is left to the stage. */
export interface TrainingRequest extends Pick<TrainingInput, 'gate' | 'simulation' | 'metadata'> {
  readonly baseModel: string;
  readonly provider?: ProviderName | undefined;
  readonly datasetId?: string | null | undefined;
  readonly parameters: TrainingParameters;
  readonly compute: Omit<Compute, 'maxWaitSeconds'> & { readonly maxWaitSeconds?: number | undefined };
}

/** What a client asks to be trained, with everything that it left to the stage. */
export interface CompleteRequest {
  readonly provider: ProviderName;
  readonly datasetId: string | undefined;
  readonly input: TrainingInput;
}

/** What a stage trains with. */
export interface TrainingOffer {
  /** Who trains when a job does not say. */
  readonly provider: ProviderName;
  /** Base models that the stage has the weights of. */
  readonly baseModels: readonly string[];
}

/** SageMaker trains only what the stage has weights of. */
const notOnSageMaker = ({ baseModel }: TrainingRequest, { baseModels }: TrainingOffer): FieldError[] =>
  baseModels.includes(baseModel)
    ? []
    : [{ path: '/base_model', message: `is not in the catalog of this stage; use ${baseModels.join(' or ')}` }];

const wrong = (request: TrainingRequest, provider: ProviderName, offer: TrainingOffer): FieldError[] => {
  const offered = [...new Set<ProviderName>([offer.provider, 'simulated'])];
  if (!offered.includes(provider))
    return [{ path: '/provider', message: `is not offered by this stage; use ${offered.join(' or ')}` }];
  if (provider === 'simulated') return [];
  const isSimulated = request.simulation !== undefined;
  return [
    ...(isSimulated ? [{ path: '/simulation', message: 'only a simulated training has it' }] : []),
    ...notOnSageMaker(request, offer),
  ];
};

/** Completes a request. @throws InvalidInput for what the stage does not train */
export const completeRequest = (request: TrainingRequest, offer: TrainingOffer): CompleteRequest => {
  const { provider = offer.provider, datasetId, parameters, compute, gate, simulation, metadata } = request;
  const errors = wrong(request, provider, offer);
  if (errors.length > 0) throw new InvalidInput(errors);
  const bits = parameters.method === 'qlora' ? (parameters.quantizationBits ?? DEFAULT_QUANTIZATION_BITS) : undefined;
  return {
    provider,
    datasetId: datasetId ?? undefined,
    input: {
      parameters: { ...parameters, quantizationBits: bits },
      compute: { ...compute, maxWaitSeconds: compute.maxWaitSeconds ?? WAIT_FACTOR * compute.maxRuntimeSeconds },
      gate,
      ...(provider === 'simulated' ? { simulation: { ...DEFAULT_SIMULATION, ...simulation } } : {}),
      metadata,
    },
  };
};
