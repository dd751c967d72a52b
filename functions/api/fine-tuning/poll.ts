import { httpHandler } from '#runtime/http/http-handler';
import { ports } from '#runtime/ports';
import { pollTrainingJobs } from './poll-training-jobs.ts';

/** What asks the providers of trainings. */
export const fineTuningPoll = [pollTrainingJobs];

export const handler = httpHandler(fineTuningPoll, ports);
