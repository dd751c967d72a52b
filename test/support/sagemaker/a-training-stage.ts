import type { TrainingFiles, TrainingStage } from '#adapters/sagemaker/training-request';

export const A_TRAINING_STAGE: TrainingStage = {
  stage: 'dev',
  bucket: 'files',
  image: '000000000000.dkr.ecr.us-east-1.amazonaws.com/iorch-training:1',
  roleArn: 'arn:aws:iam::000000000000:role/training',
  baseModels: { 'acme/base-7b': 's3://weights/base-7b/' },
  volumeGb: 100,
};

export const TRAINING_FILES: TrainingFiles = {
  train: 's3://files/tenant/datasets/one/train.jsonl',
  eval: 's3://files/tenant/datasets/one/eval.jsonl',
};
