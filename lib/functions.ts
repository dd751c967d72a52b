/**
 * Every Lambda function: the file it starts from, and what users lose while it fails.
 * The bundler makes `dist/functions/<name>/index.mjs` of each; the stacks deploy them by name.
 */
export const functions = {
  authorizer: {
    entry: 'functions/api/authorizer.ts',
    errorImpact: 'No request with a credential is answered.',
    isPolled: true,
  },
  'sessions-command': {
    entry: 'functions/api/sessions/command.ts',
    errorImpact: 'Nobody can create, start or cancel a session.',
  },
  'sessions-query': {
    entry: 'functions/api/sessions/query.ts',
    errorImpact: 'Nobody can see sessions, their events, logs or results.',
  },
  'agents-query': {
    entry: 'functions/api/agents/query.ts',
    errorImpact: 'Nobody can see agents or try how work would be routed.',
  },
  eap: {
    entry: 'functions/api/eap/handler.ts',
    errorImpact: 'Agents cannot register, claim work or report; their leases run out.',
    isPolled: true,
  },
  presign: {
    entry: 'functions/api/presign/handler.ts',
    errorImpact: 'Files of agents can be neither uploaded nor downloaded; lost work cannot be taken over.',
  },
  'fine-tuning-command': {
    entry: 'functions/api/fine-tuning/command.ts',
    errorImpact: 'Nobody can make a dataset, start or cancel a training job, promote a model or roll it back.',
  },
  'fine-tuning-poll': {
    entry: 'functions/api/fine-tuning/poll.ts',
    errorImpact: 'Nobody can have trainings looked at before their minute has come.',
    isCovered: true,
  },
  'fine-tuning-query': {
    entry: 'functions/api/fine-tuning/query.ts',
    errorImpact: 'Nobody can see datasets, training jobs, models, their versions and their history.',
  },
  'tenancy-command': {
    entry: 'functions/api/tenancy/command.ts',
    errorImpact: 'Nobody can create a tenant or change its keys.',
  },
  'tenancy-query': { entry: 'functions/api/tenancy/query.ts', errorImpact: 'Nobody can see tenants or keys.' },
  system: {
    entry: 'functions/api/system/handler.ts',
    errorImpact: 'Health and the OpenAPI document are not answered.',
  },
  fallback: {
    entry: 'functions/api/fallback/handler.ts',
    errorImpact: 'Unknown paths and methods are answered with 500 in place of 404 or 405.',
  },
  'claim-slot': { entry: 'functions/workflow/claim-slot.ts', errorImpact: 'Queued sessions do not begin.' },
  'begin-attempt': {
    entry: 'functions/workflow/begin-attempt.ts',
    errorImpact: 'Sessions that have a slot do not begin.',
  },
  'run-on-agent': { entry: 'functions/workflow/run-on-agent.ts', errorImpact: 'No work is handed to agents.' },
  'judge-outcome': { entry: 'functions/workflow/judge-outcome.ts', errorImpact: 'Finished work is not judged.' },
  'schedule-retry': {
    entry: 'functions/workflow/schedule-retry.ts',
    errorImpact: 'Failed attempts are not tried again; their sessions end.',
  },
  'record-outcome': {
    entry: 'functions/workflow/record-outcome.ts',
    errorImpact: 'Sessions do not end and keep their slots.',
  },
  'training-step': {
    entry: 'functions/workflow/training-step.ts',
    errorImpact: 'Started training jobs do not go on.',
  },
  'training-provider-step': {
    entry: 'functions/workflow/training-provider-step.ts',
    errorImpact: 'Training jobs are not handed to their provider, and do not end.',
  },
  'poll-training': {
    entry: 'functions/events/poll-training.ts',
    errorImpact: 'Nobody notices how trainings get on, end, or are to be stopped.',
    isPolled: true,
  },
  'curation-step': {
    entry: 'functions/workflow/curation-step.ts',
    errorImpact: 'Datasets are not built; they fail.',
  },
  publisher: {
    entry: 'functions/events/publisher.ts',
    errorImpact: 'Recorded events are not published: nothing starts, stops or wakes.',
  },
  'start-execution': {
    entry: 'functions/events/start-execution.ts',
    errorImpact: 'Started sessions and training jobs stay queued, datasets are not built.',
  },
  'stop-execution': {
    entry: 'functions/events/stop-execution.ts',
    errorImpact: 'Executions of cancelled sessions go on, without effect.',
  },
  'recover-session': {
    entry: 'functions/events/recover-session.ts',
    errorImpact: 'Sessions whose execution broke stand still.',
  },
  wake: { entry: 'functions/events/wake.ts', errorImpact: 'Sessions whose wait is over go on only at their timeout.' },
  'place-work': {
    entry: 'functions/events/place-work.ts',
    errorImpact: 'Work that waits for an agent gets one up to a minute late.',
  },
  sweeper: {
    entry: 'functions/events/sweeper.ts',
    errorImpact: 'Lost leases, lost executions and passed deadlines are not noticed; deleted sessions are not erased.',
    isPolled: true,
  },
} as const satisfies Readonly<Record<string, FunctionSource>>;

export interface FunctionSource {
  /** Path from the root of the repository. */
  readonly entry: string;
  /** One sentence: what users lose while the function fails. */
  readonly errorImpact: string;
  /** Called at a steady pace by the clock or by agents that wait, also when there is nothing to do. */
  readonly isPolled?: boolean;
  /** What it does is done without it, too, a minute later: an alarm of its own would call nobody to anything. */
  readonly isCovered?: boolean;
}

export type FunctionName = keyof typeof functions;
