/** A finding of cdk-nag that is meant to be so. */
export interface Acknowledgement {
  /** The rule, and for rules with several findings per resource what it found. */
  readonly finding: RegExp;
  /** Path of the construct, without the name of the stage. */
  readonly on: RegExp;
  /** Why a stranger would leave it so, too. */
  readonly reason: string;
}

/** Every finding that is not mended, and why. One that no longer occurs has to go: a test sees to it. */
export const acknowledgements: readonly Acknowledgement[] = [
  {
    finding: /^AwsSolutions-SMG4$/,
    on: /^data\/AgentMasterKey\//,
    reason: 'The tokens of all agents are derived from it: rotating it by the clock would sign every agent off.',
  },
  {
    finding: /^AwsSolutions-SMG4$/,
    on: /^data\/BootstrapToken\//,
    reason: 'It works once, for the first admin, and is worthless from then on.',
  },
  {
    finding: /^AwsSolutions-IAM5\[Resource::\*\]$/,
    on: /^(api|workflow)\/(.+\/)?[a-z-]+-role\/DefaultPolicy\//,
    reason:
      'Traces, and the list of trainings: neither X-Ray nor that list has resources to name. A test holds the list of actions that may be open like this.',
  },
  {
    finding: /^AwsSolutions-IAM5\[Resource::\*\]$/,
    on: /^workflow\/.+\/StateMachine\/Machine\/Role\/DefaultPolicy\//,
    reason: 'Traces and the set-up of log delivery: neither X-Ray nor log delivery has resources to name.',
  },
  {
    finding: /^AwsSolutions-IAM5\[Resource::.*TenantTable.*\/stream\/\*\]$/,
    on: /^workflow\/Publisher\/publisher-role\//,
    reason: 'Streams of our table only: AWS names a stream after the time of its creation.',
  },
  {
    finding: /^AwsSolutions-IAM5\[Resource::arn:<AWS::Partition>:states:.+:execution:.+:\*\]$/,
    on: /^workflow\/Stop\/stop-execution-role\//,
    reason: 'Executions of our machine only: an execution is named when it starts.',
  },
  {
    finding: /^AwsSolutions-S1$/,
    on: /^data\/Artifacts\/Bucket\//,
    reason:
      "Nobody gets in but by a URL that the API signed: the API's access log says for whom, a log of the bucket would not.",
  },
  {
    finding: /^AwsSolutions-IAM5\[Resource::.*ArtifactsBucket.*\/\*\]$/,
    on: /^(api\/(eap|presign|sessions-command|sessions-query)|workflow\/Sweeper\/sweeper)-role\/DefaultPolicy\//,
    reason: 'Files of our bucket only: they are named after tenant, session and artifact when they are announced.',
  },
  {
    finding: /^AwsSolutions-IAM5\[Resource::\*\]$/,
    on: /^workflow\/SageMaker\/Role\/DefaultPolicy\//,
    reason: 'The sign-in to ECR, with which SageMaker fetches our image, has no resource to name.',
  },
  {
    finding:
      /^AwsSolutions-IAM5\[Resource::arn:<AWS::Partition>:sagemaker:.+:(training-job|model-package(-group)?)\/iorch-[^*]+-\*\]$/,
    on: /^(api|workflow)\/(.+\/)?(training-provider-step|poll-training|fine-tuning-poll)-role\/DefaultPolicy\//,
    reason:
      'Trainings and models of our stage only: each training is named after its job, each model after its digest.',
  },
  {
    finding:
      /^AwsSolutions-IAM5\[Resource::arn:<AWS::Partition>:logs:.+:log-group:\/aws\/sagemaker\/TrainingJobs:\*\]$/,
    on: /^(api|workflow)\/(SageMaker\/Role|(.+\/)?(poll-training|fine-tuning-poll)-role)\/DefaultPolicy\//,
    reason: 'SageMaker writes the logs of all trainings of an account into one group, in streams that it names itself.',
  },
  {
    finding: /^AwsSolutions-IAM5\[Resource::arn:<AWS::Partition>:s3:::[^*]+\/\*\]$/,
    on: /^workflow\/SageMaker\/Role\/DefaultPolicy\//,
    reason: 'Folders of weights that the operator of the stage named.',
  },
  {
    finding: /^AwsSolutions-IAM5\[Resource::.*ArtifactsBucket.*\/\*\/(datasets|training)\/\*\]$/,
    on: /^workflow\/SageMaker\/Role\/DefaultPolicy\//,
    reason:
      'Datasets and trainings in our bucket only: they are named after their tenant; a container sees none but those of its job.',
  },
  {
    finding:
      /^AwsSolutions-IAM5\[Resource::.*ArtifactsBucket.*\/<aws:PrincipalTag\/tenant_id>\/(datasets|training)\/\*\]$/,
    on: /^(api\/fine-tuning-(command|query)|workflow\/(DatasetCuration|FineTuning|TrainingPoller)\/(.+\/)?[a-z-]+)-tenant-role\/DefaultPolicy\//,
    reason: "Files of the tenant's datasets and trainings only: they are named after these when they are made.",
  },
  {
    finding: /^AwsSolutions-IAM5\[Resource::.*ArtifactsBucket.*\/<aws:PrincipalTag\/tenant_id>\/\*\]$/,
    on: /^workflow\/DatasetCuration\/curation-step-tenant-role\/DefaultPolicy\//,
    reason: 'Files of the tenant only: those of sessions are named after them and their artifacts.',
  },
  {
    finding: /^AwsSolutions-SQS3$/,
    on: /^workflow\/.+\/Dead\/Resource$/,
    reason: 'It is the dead-letter queue: of a stream, or of a schedule, which the rule does not look at.',
  },
  {
    finding: /^Serverless-SQSRedrivePolicy$/,
    on: /^workflow\/.+\/Dead\/Resource$/,
    reason: 'It is the dead-letter queue: an operator empties it, an alarm tells when.',
  },
  {
    finding: /^AwsSolutions-APIG4$/,
    on: /^api\/Http\/(get_(root|health|liveness|openapi|eap_protocol)|default)\/Resource$/,
    reason:
      'Public on purpose: says nothing about any tenant. What a client asks before it has a key, and 404 and 405.',
  },
  {
    finding: /^AwsSolutions-APIG4$/,
    on: /^api\/Http\/bootstrap_platform\/Resource$/,
    reason: 'There is no key yet when the first one is made: the function asks for the token in Secrets Manager.',
  },
  {
    finding: /^Serverless-LambdaDLQ$/,
    on: /^(api|workflow)\/(.+\/)?[a-z-]+\/Resource$/,
    reason:
      'Called by the API, a state machine, a queue or a stream, which see the error themselves; those that a schedule calls have a failure destination, which holds more than a dead letter.',
  },
  {
    finding: /^Serverless-LambdaTracing$/,
    on: /^(api|workflow)\/(.+\/)?(authorizer|eap|sweeper|poll-training|reconciler)\/Resource$/,
    reason:
      'Called every few seconds by agents that wait, or by the clock: Lambda would trace nearly all of these calls, at a price above that of everything else.',
  },
  {
    finding: /^Serverless-LambdaEventSourceMappingDestination$/,
    on: /^workflow\/.+\/SqsEventSource:/,
    reason: 'The queue itself moves a message to its dead-letter queue after five attempts.',
  },
  {
    finding: /^Serverless-SNSRedrivePolicy$/,
    on: /^observability\/Topic\//,
    reason: 'A mail about an alarm: one that bounces is of no use in a queue, and the alarm itself stays on.',
  },
];
