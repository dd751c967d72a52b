import {
  DescribeTrainingJobCommand,
  type DescribeTrainingJobResponse,
  type SageMakerClient,
  StopTrainingJobCommand,
} from '@aws-sdk/client-sagemaker';
import { hasEnded, isUnknown } from './sagemaker-errors.ts';

/** What SageMaker says of a training; undefined when it does not know it. */
export const describeTraining = async (
  sagemaker: SageMakerClient,
  name: string,
): Promise<DescribeTrainingJobResponse | undefined> => {
  try {
    return await sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: name }));
  } catch (error) {
    if (isUnknown(error)) return undefined;
    throw error;
  }
};

/** Asks for the end of a training, unless it has ended, or is not known. */
export const stopTraining = async (sagemaker: SageMakerClient, name: string): Promise<void> => {
  try {
    await sagemaker.send(new StopTrainingJobCommand({ TrainingJobName: name }));
  } catch (error) {
    if (!(isUnknown(error) || hasEnded(error))) throw error;
  }
};
