import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { nodeDigest } from '#adapters/node/node-digest';
import { makeSageMakerPackages } from '#adapters/sagemaker/sagemaker-model-packages';
import { modelPackagesContract } from '#test/ports/model-packages.contract';

/** moto stands in for AWS, too, and nobody here wrote it: what is true of both stand-ins is more likely true of the service. */
modelPackagesContract('moto', async () => {
  const endpoint = process.env['MOTO_URL'];
  if (endpoint === undefined) throw new Error('run it with npm run test:registry');
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const sagemaker = new SageMakerClient({ endpoint, region: 'us-east-1', maxAttempts: 1, credentials });
  const forget = async () => {
    await fetch(`${endpoint}/moto-api/reset`, { method: 'POST' });
  };
  await forget();
  return {
    packages: makeSageMakerPackages({ sagemaker, stage: 'dev', digest: nodeDigest }),
    sagemaker,
    close: forget,
  };
});
