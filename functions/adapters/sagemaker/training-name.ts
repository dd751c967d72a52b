/** An attempt of a job, as its name tells. */
export interface NamedAttempt {
  readonly jobId: string;
  readonly attempt: number;
}

/** SageMaker's name for an attempt: the same for the same attempt, so that starting twice starts once. */
export const trainingName = (stage: string, { jobId, attempt }: NamedAttempt): string =>
  `iorch-${stage}-${jobId.toLowerCase()}-a${attempt}`;

const ENDING = /-([0-9a-hjkmnp-tv-z]{26})-a([1-9]\d{0,2})$/;

/** The attempt that a name of this stage stands for; undefined for a job that is not ours. */
export const attemptOf = (stage: string, name: string): NamedAttempt | undefined => {
  const [, id, attempt] = ENDING.exec(name) ?? [];
  if (id === undefined || attempt === undefined) return undefined;
  const named = { jobId: id.toUpperCase(), attempt: Number(attempt) };
  return trainingName(stage, named) === name ? named : undefined;
};
