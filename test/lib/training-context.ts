/** CDK context of a stage that trains on SageMaker. */
export const TRAINING_CONTEXT = {
  training_image: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/iorch-training:1',
  training_models: '{"acme/base-7b":"s3://weights/models/base-7b/"}',
};
