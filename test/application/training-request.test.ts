import { describe, expect, it } from 'vitest';
import { completeRequest, type TrainingOffer } from '#application/training-request';
import { CreateTrainingJobRequest } from '#contracts/training-job';
import { fromWire } from '#contracts/wire-case';
import { InvalidInput } from '#domain/errors';

const SIMULATES: TrainingOffer = { provider: 'simulated', baseModels: [] };
const TRAINS: TrainingOffer = { provider: 'sagemaker', baseModels: ['acme/base-7b'] };

const request = (offer: TrainingOffer, fields: object = {}) =>
  completeRequest(
    fromWire(
      CreateTrainingJobRequest.parse({ base_model: 'acme/base-7b', target_model_name: 'shop-coder', ...fields }),
    ),
    offer,
  );

const pathsOf = (ask: () => unknown): unknown => {
  try {
    ask();
  } catch (error) {
    if (error instanceof InvalidInput) return error.extras.errors.map(({ path }) => path);
  }
  return 'accepted';
};

describe('what a client asks to be trained', () => {
  it('is trained by whom the stage trains with, or simulated when asked for', () => {
    expect(request(SIMULATES).provider).toBe('simulated');
    expect(request(TRAINS).provider).toBe('sagemaker');
    expect(request(TRAINS, { provider: 'simulated', base_model: 'any' })).toMatchObject({ provider: 'simulated' });
  });

  it('is not trained on SageMaker where the stage does not offer it', () => {
    expect(pathsOf(() => request(SIMULATES, { provider: 'sagemaker' }))).toEqual(['/provider']);
  });

  it('is trained on SageMaker from weights of the catalog, and is told which', () => {
    for (const base_model of ['other', 'toString'])
      expect(pathsOf(() => request(TRAINS, { base_model }))).toEqual(['/base_model']);
    expect(() => request(TRAINS, { base_model: 'other' })).toThrow('use acme/base-7b');
  });

  it('is trained on as many machines as it asks for', () => {
    expect(request(TRAINS, { compute: { instance_count: 8 } }).input.compute.instanceCount).toBe(8);
  });

  it('has a simulation only when it is one', () => {
    expect(pathsOf(() => request(TRAINS, { simulation: {} }))).toEqual(['/simulation']);
    expect(request(TRAINS).input).not.toHaveProperty('simulation');
    expect(request(SIMULATES).input.simulation).toMatchObject({ queueSeconds: 5 });
  });
});
