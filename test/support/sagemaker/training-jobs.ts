/** An answer that is an error, by the name that clients know it by. */
export class ServiceError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** A moment in the life of a training job: so many seconds after its creation it gets to this status. */
export interface Moment {
  readonly after: number;
  readonly status: string;
  readonly secondary: string;
  readonly failureReason?: string;
  /** What the container writes then. */
  readonly log?: readonly string[];
}

/** What a job goes through when nobody says otherwise. */
export const PLAIN_LIFE: readonly Moment[] = [
  { after: 0, status: 'InProgress', secondary: 'Starting' },
  { after: 60, status: 'InProgress', secondary: 'Downloading' },
  { after: 120, status: 'InProgress', secondary: 'Training' },
  { after: 300, status: 'InProgress', secondary: 'Uploading' },
  { after: 330, status: 'Completed', secondary: 'Completed' },
];

/** What the container has after it was told to end. */
const SECONDS_TO_SAVE = 120;

export interface CreateRequest {
  readonly TrainingJobName: string;
  readonly OutputDataConfig: { readonly S3OutputPath: string };
  readonly StoppingCondition?: { readonly MaxRuntimeInSeconds?: number; readonly MaxWaitTimeInSeconds?: number };
  readonly EnableManagedSpotTraining?: boolean;
  readonly AlgorithmSpecification?: { readonly TrainingImage?: string; readonly AlgorithmName?: string };
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
}

interface ListRequest {
  readonly NameContains?: string;
  readonly StatusEquals?: string;
  readonly SortOrder?: string;
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

interface Job {
  readonly request: CreateRequest;
  readonly createdAt: number;
  life: readonly Moment[];
  /** How many moments of its life have come. */
  reached: number;
}

/** The event that SageMaker puts on the bus when a status changes. */
export interface StateChange {
  readonly source: 'aws.sagemaker';
  readonly 'detail-type': 'SageMaker Training Job State Change';
  readonly time: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

const isOver = (status: string) => ['Completed', 'Failed', 'Stopped'].includes(status);

/** Training jobs of an account: lives as scripted, on a clock that only its user moves. Seconds. */
export class TrainingJobs {
  now = 1_800_000_000;
  /** A page of the list has no more of them, whatever was asked for. */
  mostListed = 100;
  readonly changes: StateChange[] = [];
  readonly logLines: { stream: string; timestamp: number; message: string }[] = [];
  readonly #jobs = new Map<string, Job>();
  #nextLife: readonly Moment[] = PLAIN_LIFE;

  /** What the next job that is created goes through. */
  script(...life: readonly Moment[]): void {
    this.#nextLife = life;
  }

  /** Time passes; every job gets to where it is then, and says so. */
  advance(seconds: number): void {
    this.now += seconds;
    for (const name of this.#jobs.keys()) this.#catchUp(name);
  }

  create(request: CreateRequest): string {
    const {
      TrainingJobName: name,
      StoppingCondition: limits = {},
      EnableManagedSpotTraining: isSpot = false,
    } = request;
    const { TrainingImage: image, AlgorithmName: algorithm } = request.AlgorithmSpecification ?? {};
    if ((image === undefined) === (algorithm === undefined))
      throw new ServiceError('ValidationException', 'Specify either TrainingImage or AlgorithmName.');
    const { MaxRuntimeInSeconds: runtime = 86_400, MaxWaitTimeInSeconds: wait } = limits;
    if (isSpot ? wait === undefined || wait < runtime : wait !== undefined)
      throw new ServiceError(
        'ValidationException',
        'MaxWaitTimeInSeconds must be given for managed spot training, and only for it, and be at least MaxRuntimeInSeconds.',
      );
    if (this.#jobs.has(name))
      throw new ServiceError(
        'ResourceInUse',
        'Training job names must be unique within an AWS account and region, and a training job with this name already exists.',
      );
    this.#jobs.set(name, { request, createdAt: this.now, life: this.#nextLife, reached: 0 });
    this.#nextLife = PLAIN_LIFE;
    this.#catchUp(name);
    return this.#arn(name);
  }

  describe(name: string): Record<string, unknown> {
    const job = this.#find(name);
    const { status, secondary, failureReason } = this.#standing(job);
    const begun = job.life.slice(0, job.reached).find((moment) => moment.secondary === 'Training');
    const seconds = begun ? this.#endOf(job) - job.createdAt - begun.after : undefined;
    const output = job.request.OutputDataConfig.S3OutputPath.replace(/\/$/, '');
    return {
      ...job.request,
      TrainingJobArn: this.#arn(name),
      TrainingJobStatus: status,
      SecondaryStatus: secondary,
      ...(failureReason !== undefined && { FailureReason: failureReason }),
      ModelArtifacts: { S3ModelArtifacts: `${output}/${name}/output/model.tar.gz` },
      CreationTime: job.createdAt,
      ...(seconds !== undefined &&
        isOver(status) && {
          TrainingTimeInSeconds: seconds,
          // spot machines cost three tenths here
          BillableTimeInSeconds: job.request.EnableManagedSpotTraining ? Math.round(seconds * 0.3) : seconds,
        }),
    };
  }

  stop(name: string): void {
    const job = this.#find(name);
    const { status } = this.#standing(job);
    if (isOver(status) || status === 'Stopping')
      throw new ServiceError(
        'ValidationException',
        `The request was rejected because the training job is in status ${status}.`,
      );
    const after = this.now - job.createdAt;
    job.life = [
      ...job.life.slice(0, job.reached),
      { after, status: 'Stopping', secondary: 'Stopping' },
      { after: after + SECONDS_TO_SAVE, status: 'Stopped', secondary: 'Stopped' },
    ];
    this.#catchUp(name);
  }

  list({ NameContains: part = '', StatusEquals: status, SortOrder: order }: ListRequest) {
    return [...this.#jobs.entries()]
      .filter(([name, job]) => name.includes(part) && (status === undefined || this.#standing(job).status === status))
      .map(([name, job]) => ({
        TrainingJobName: name,
        TrainingJobArn: this.#arn(name),
        CreationTime: job.createdAt,
        TrainingJobStatus: this.#standing(job).status,
      }))
      .sort((a, b) => (order === 'Ascending' ? 1 : -1) * (a.CreationTime - b.CreationTime));
  }

  listPage(request: ListRequest): Record<string, unknown> {
    const { MaxResults: asked = 10, NextToken: token = '0' } = request;
    const found = this.list(request);
    const end = Number(token) + Math.min(asked, this.mostListed);
    return {
      TrainingJobSummaries: found.slice(Number(token), end),
      ...(end < found.length && { NextToken: String(end) }),
    };
  }

  /** Takes a job away, as if it had never been. */
  lose(name: string): void {
    this.#jobs.delete(name);
  }

  #find(name: string): Job {
    const job = this.#jobs.get(name);
    if (job === undefined) throw new ServiceError('ValidationException', 'Requested resource not found.');
    return job;
  }

  #arn(name: string): string {
    return `arn:aws:sagemaker:us-east-1:000000000000:training-job/${name}`;
  }

  #standing(job: Job): Moment {
    return job.life[job.reached - 1] ?? { after: 0, status: 'InProgress', secondary: 'Pending' };
  }

  #endOf(job: Job): number {
    const end = job.life.slice(0, job.reached).find(({ status }) => isOver(status));
    return end ? job.createdAt + end.after : this.now;
  }

  #catchUp(name: string): void {
    const job = this.#find(name);
    for (
      let next = job.life[job.reached];
      next && job.createdAt + next.after <= this.now;
      next = job.life[job.reached]
    ) {
      job.reached += 1;
      const at = (job.createdAt + next.after) * 1000;
      for (const message of next.log ?? [])
        this.logLines.push({ stream: `${name}/algo-1-${job.createdAt}`, timestamp: at, message });
      this.changes.push({
        source: 'aws.sagemaker',
        'detail-type': 'SageMaker Training Job State Change',
        time: new Date(at).toISOString(),
        detail: {
          TrainingJobName: name,
          TrainingJobArn: this.#arn(name),
          TrainingJobStatus: next.status,
          SecondaryStatus: next.secondary,
          ...(next.failureReason !== undefined && { FailureReason: next.failureReason }),
          OutputDataConfig: job.request.OutputDataConfig,
          Tags: Object.fromEntries((job.request.Tags ?? []).map(({ Key, Value }) => [Key, Value])),
        },
      });
    }
  }
}
