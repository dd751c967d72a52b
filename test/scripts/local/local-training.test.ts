import { describe, expect, it } from 'vitest';
import { readLocalTraining } from '#scripts/local/local-training';

const IMAGE = 'training_image=000000000000.dkr.ecr.us-east-1.amazonaws.com/iorch-training:1';
const MODELS = 'training_models={"acme/base":"s3://weights/a=b/"}';
const SAGEMAKER = { AWS_ENDPOINT_URL_SAGEMAKER: 'http://127.0.0.1:5000' };

describe('a SageMaker beside the local cloud', () => {
  it('is not there unless somebody asks for it, whatever the environment says', () => {
    expect(readLocalTraining([], SAGEMAKER)).toBeUndefined();
  });

  it('is known by settings of the stage and by the address of the service', () => {
    const environment = { ...SAGEMAKER, AWS_ENDPOINT_URL_S3: 'http://elsewhere', AWS_PROFILE: 'real' };
    expect(readLocalTraining(['-c', IMAGE, '--context', MODELS], environment)).toEqual({
      context: {
        training_image: '000000000000.dkr.ecr.us-east-1.amazonaws.com/iorch-training:1',
        training_models: '{"acme/base":"s3://weights/a=b/"}',
      },
      endpoints: SAGEMAKER,
    });
  });

  it('may have its logs at another address', () => {
    const environment = { ...SAGEMAKER, AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: 'https://logs.example.com' };
    expect(readLocalTraining(['-c', IMAGE, '-c', MODELS], environment)?.endpoints).toEqual(environment);
  });

  it.each([[['-c', 'stage=prod']], [['-c', 'training_image']], [['--verbose']], [['now']], [['-c']]])(
    'is refused for %j, with what is to be said',
    (args) => {
      expect(() => readLocalTraining(args, SAGEMAKER)).toThrow('-c <setting>=<value> for any of training_image');
    },
  );

  it('is refused where nobody would answer', () => {
    expect(() => readLocalTraining(['-c', IMAGE], {})).toThrow('say with AWS_ENDPOINT_URL_SAGEMAKER');
    for (const address of ['127.0.0.1:5000', 'file:///etc', 'nonsense'])
      expect(() => readLocalTraining(['-c', IMAGE], { AWS_ENDPOINT_URL_SAGEMAKER: address })).toThrow('is no address');
  });
});
