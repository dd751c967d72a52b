import { exitCode } from '#apps/cli/exit-code';
import { Refusal } from '#apps/cli/refusal';

const NO_LOGIN = [
  'CredentialsProviderError',
  'ExpiredTokenException',
  'UnrecognizedClientException',
  'InvalidSignatureException',
];
const UNREACHABLE = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'ECONNRESET'];

export interface AwsUse {
  /** The service, for people. */
  readonly service: string;
  /** The actions that the caller must be allowed. */
  readonly needed: string;
}

/** A failure of AWS, with what to do about it. What is not known stays as it is. */
export const explainAws = (error: unknown, { service, needed }: AwsUse): unknown => {
  if (!(error instanceof Error) || error instanceof Refusal) return error;
  const { name, message, code } = error as NodeJS.ErrnoException;
  if (NO_LOGIN.includes(name))
    return new Refusal(`AWS knows no credentials of yours: ${message}`, {
      code: exitCode.refused,
      remedy: `Log in to the account of the deployment (AWS_PROFILE, aws sso login); it must allow ${needed}.`,
      cause: error,
    });
  if (name === 'AccessDeniedException')
    return new Refusal(`AWS refuses: ${message}`, {
      code: exitCode.refused,
      remedy: `Ask for a role that allows ${needed}.`,
      cause: error,
    });
  if (/region is missing/i.test(message))
    return new Refusal('No AWS region is set.', { remedy: 'Set AWS_REGION to that of the deployment.', cause: error });
  if (code !== undefined && UNREACHABLE.includes(code))
    return new Refusal(`${service} does not answer (${code}).`, {
      code: exitCode.notReachable,
      remedy: 'npm start brings up the local cloud; otherwise check the region and the network.',
      cause: error,
    });
  return error;
};
