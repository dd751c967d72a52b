import { parseArgs } from 'node:util';
import { trainingContext } from '#lib/training-settings';
import { Problem } from './problem.mjs';

/** What a local cloud trains with, where a SageMaker answers that the emulator does not have. */
export interface LocalTraining {
  /** Settings of the stage, as CDK context. */
  readonly context: Readonly<Record<string, string>>;
  /** Where services answer, by the names of the AWS SDK's own settings. Functions inherit them from the emulator. */
  readonly endpoints: Readonly<Record<string, string>>;
}

const SAGEMAKER = 'AWS_ENDPOINT_URL_SAGEMAKER';
const LOGS = 'AWS_ENDPOINT_URL_CLOUDWATCH_LOGS';
const settings = Object.keys(trainingContext);

const isAddress = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

const contextOf = (args: readonly string[]): Record<string, string> => {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { context: { type: 'string', short: 'c', multiple: true, default: [] } },
    });
    const pairs = values.context.map((text) => /^(\w+)=(.*)$/s.exec(text) ?? []);
    if (pairs.every(([, name = '']) => settings.includes(name)))
      return Object.fromEntries(pairs.map(([, name, value]) => [name, value]));
  } catch {
    // told below, like a setting that nobody knows
  }
  throw new Problem(`Say npm start, or npm start -- with -c <setting>=<value> for any of ${settings.join(', ')}.`);
};

/**
 * Reads it from the arguments of `npm start` and its environment; undefined where the local cloud shall only simulate trainings.
 * Throws a Problem for arguments that it does not know, and where nobody would answer.
 */
export const readLocalTraining = (
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): LocalTraining | undefined => {
  const context = contextOf(args);
  if (Object.keys(context).length === 0) return undefined;
  const named = [SAGEMAKER, LOGS].flatMap((name) => (environment[name] ? [[name, environment[name]] as const] : []));
  const endpoints = Object.fromEntries(named);
  if (endpoints[SAGEMAKER] === undefined)
    throw new Problem(
      `The emulator has no SageMaker: say with ${SAGEMAKER} where one answers, and run this command again.`,
    );
  for (const [name, address] of named)
    if (!isAddress(address))
      throw new Problem(`${name} is no address of a service: make it one like http://127.0.0.1:5000.`);
  return { context, endpoints };
};
