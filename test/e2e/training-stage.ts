import type { LocalTraining } from '#scripts/local/local-training';

/** The base model of the tests' own cloud. Its name stands in whatever was made of it. */
export const STAND_IN_MODEL = 'stand-in/trains-nothing';

/** With what the tests' own cloud trains: a test that trains starts SageMaker's stand-in on this port. */
export const trainingAt = (port: number): LocalTraining => {
  const address = `http://127.0.0.1:${port}`;
  return {
    context: {
      training_image: '000000000000.dkr.ecr.us-east-1.amazonaws.com/stand-in:1',
      training_models: JSON.stringify({ [STAND_IN_MODEL]: 's3://stand-in/no-weights/' }),
    },
    endpoints: { AWS_ENDPOINT_URL_SAGEMAKER: address, AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: address },
  };
};
