import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { ModelPackages } from './model-packages.ts';
import { shapeProblems } from './shape-problems.ts';
import { type CreateRequest, ServiceError, TrainingJobs } from './training-jobs.ts';

type Body = Record<string, unknown>;

const REQUESTS: Readonly<Record<string, string>> = {
  'SageMaker.CreateTrainingJob': 'CreateTrainingJobRequest',
  'SageMaker.DescribeTrainingJob': 'DescribeTrainingJobRequest',
  'SageMaker.StopTrainingJob': 'StopTrainingJobRequest',
  'SageMaker.ListTrainingJobs': 'ListTrainingJobsRequest',
  'SageMaker.CreateModelPackageGroup': 'CreateModelPackageGroupInput',
  'SageMaker.CreateModelPackage': 'CreateModelPackageInput',
  'SageMaker.ListModelPackageGroups': 'ListModelPackageGroupsInput',
  'SageMaker.ListModelPackages': 'ListModelPackagesInput',
  'SageMaker.DescribeModelPackage': 'DescribeModelPackageInput',
};

const PAGE = 2;

/** CloudWatch answers in pages, some of them empty; here every other one is. */
const filterLogEvents = (jobs: TrainingJobs, body: Body): Body => {
  const { logStreamNamePrefix: prefix, startTime: since = 0, nextToken } = body;
  const term = String(body['filterPattern']).replaceAll('"', '');
  const found = jobs.logLines.filter(
    (line) => line.stream.startsWith(String(prefix)) && line.timestamp >= Number(since) && line.message.includes(term),
  );
  const page = Number(nextToken ?? 0);
  const start = Math.floor(page / 2) * PAGE;
  const events = page % 2 === 0 ? found.slice(start, start + PAGE) : [];
  const isLast = page % 2 === 1 && start + PAGE >= found.length;
  return {
    events: events.map(({ stream, timestamp, message }) => ({ logStreamName: stream, timestamp, message })),
    ...(!isLast && { nextToken: String(page + 1) }),
  };
};

const operate = ({ jobs, packages }: SageMakerService, target: string, body: Body): Body => {
  if (target === 'Logs_20140328.FilterLogEvents') {
    if (jobs.logLines.length === 0)
      throw new ServiceError('ResourceNotFoundException', 'The specified log group does not exist.');
    return filterLogEvents(jobs, body);
  }
  const request = REQUESTS[target];
  if (request === undefined) throw new ServiceError('UnknownOperationException', target);
  const problems = shapeProblems(body, request);
  if (problems.length > 0)
    throw new ServiceError(
      'ValidationException',
      `${problems.length} validation errors detected: ${problems.join('; ')}`,
    );
  const name = String(body['TrainingJobName']);
  switch (request) {
    case 'CreateTrainingJobRequest':
      return { TrainingJobArn: jobs.create(body as unknown as CreateRequest) };
    case 'DescribeTrainingJobRequest':
      return jobs.describe(name);
    case 'StopTrainingJobRequest':
      jobs.stop(name);
      return {};
    case 'CreateModelPackageGroupInput':
      return packages.createGroup(body);
    case 'CreateModelPackageInput':
      return packages.create(body);
    case 'ListModelPackageGroupsInput':
      return packages.listGroups(body);
    case 'ListModelPackagesInput':
      return packages.list(body);
    case 'DescribeModelPackageInput':
      return packages.describe(body);
    default:
      return jobs.listPage(body);
  }
};

/** Answers of the service, and what it was asked. */
export class SageMakerService {
  readonly jobs = new TrainingJobs();
  readonly packages = new ModelPackages();
  readonly requests: { target: string; body: Body }[] = [];
  /** Answers to come, in place of the real ones. */
  readonly failures: ServiceError[] = [];
  /** How many of the next answers break off on their way: what was asked for is done. */
  lostAnswers = 0;

  /** Status and text of the answer to a request. */
  answer(target: string, text: string): { readonly status: number; readonly text: string } {
    try {
      const body = JSON.parse(text) as Body;
      this.requests.push({ target, body });
      const failure = this.failures.shift();
      if (failure) throw failure;
      return { status: 200, text: JSON.stringify(operate(this, target, body)) };
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      // the service model writes it with a capital letter, the answers for bad input without
      const { code: __type, message } = error;
      return { status: 400, text: JSON.stringify({ __type, message, Message: message }) };
    }
  }
}

/** SageMaker and its logs on loopback, in their JSON 1.1 protocol, on a clock that only the test moves. Port 0 is any. */
export const aSageMaker = async (port = 0) => {
  const service = new SageMakerService();
  const server = createServer(async (request, response) => {
    const { status, text: answer } = service.answer(String(request.headers['x-amz-target']), await text(request));
    if (service.lostAnswers > 0) {
      service.lostAnswers -= 1;
      request.socket.destroy();
      return;
    }
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(answer);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const { jobs, packages, requests, failures } = service;
  const loseAnswer = () => {
    service.lostAnswers += 1;
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    jobs,
    packages,
    requests,
    failures,
    loseAnswer,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
