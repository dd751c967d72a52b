import { Logger } from '@aws-lambda-powertools/logger';

/** Structured logs of one function. Ids only: no prompts, keys or file contents. */
export const logger = new Logger({ serviceName: 'iorch' });
