import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { afterAll, describe, expect, it } from 'vitest';
import { readSettings } from '#lib/config';
import { AslStateMachine } from '#lib/constructs/asl-state-machine';
import { NodeFunction } from '#lib/constructs/node-function';

const token = (name: string) => `\${${name}}`;

const definition = {
  Comment: 'Works.',
  QueryLanguage: 'JSONata',
  StartAt: 'Work',
  TimeoutSeconds: 60,
  States: {
    Work: {
      Type: 'Task',
      Comment: 'Works until somebody says that it is done.',
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      Arguments: { FunctionName: token('Step') },
      TimeoutSeconds: 30,
      Retry: [{ ErrorEquals: ['Lambda.ServiceException'] }],
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Done' }],
      Next: 'Done',
    },
    Done: { Type: 'Succeed', Comment: 'The work is done.' },
  },
};

const folder = mkdtempSync(join(tmpdir(), 'asl-'));
afterAll(() => rmSync(folder, { recursive: true }));

const world = (asl: object) => {
  const file = join(folder, 'machine.asl.json');
  writeFileSync(file, JSON.stringify(asl));
  const stack = new Stack(
    new App({ outdir: join(folder, 'cdk.out'), builtinCloudFormationValidation: false }),
    'machines',
  );
  const step = new NodeFunction(stack, 'claim-slot', {
    settings: readSettings(() => undefined),
    code: () => Code.fromInline('export const handler = 0'),
    timeout: Duration.seconds(1),
  });
  const machine = new AslStateMachine(stack, 'Machine', { file, functions: { Step: step } });
  return { stack, step, machine, template: () => Template.fromStack(stack) };
};

const accepted = world(definition).template();

describe('a state machine from a file', () => {
  it('logs every transition without data, is traced, and may invoke the functions it names', () => {
    accepted.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false },
      TracingConfiguration: { Enabled: true },
      DefinitionSubstitutions: { Step: { 'Fn::GetAtt': [Match.stringLikeRegexp('claimslot'), 'Arn'] } },
    });
    accepted.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 'lambda:InvokeFunction',
            Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('claimslot'), 'Arn'] },
          }),
        ]),
      },
    });
  });

  it('keeps its text as it is in the file', () => {
    accepted.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      DefinitionString: JSON.stringify(definition),
    });
  });

  it('stops the synthesis with every problem that its file has', () => {
    const { TimeoutSeconds: _, ...endless } = definition;
    expect(() => world({ ...endless, Comment: token('Missing') })).toThrow(
      /machine\.asl\.json is not acceptable:\n- nothing is given for \$\{Missing\}\n- the machine has no TimeoutSeconds/,
    );
  });

  it('lets a function that it calls complete its own tasks, without a circle between the two', () => {
    const { step, machine, template } = world(definition);
    machine.grantTaskSuccess(step);
    template().hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: [Match.objectLike({ Action: 'states:SendTaskSuccess' })] },
    });
  });
});
