import { expect, it } from 'vitest';
import { permitted } from '#adapters/sagemaker/sagemaker-errors';

const failing = (name: string) => permitted(Promise.reject(Object.assign(new Error('no'), { name })));

it('says of a request that is not permitted what to do, and leaves every other answer as it is', async () => {
  await expect(failing('AccessDeniedException')).rejects.toThrow('no: an operator has to allow that to the role');
  await expect(failing('ThrottlingException')).rejects.toThrow(/^no$/);
  expect(await permitted(Promise.resolve('answer'))).toBe('answer');
});
