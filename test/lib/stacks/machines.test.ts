import { describe, expect, it } from 'vitest';
import { aslProblems } from '#lib/constructs/asl-problems';
import type { Found } from '#test/lib/synthesis';
import { synthesized } from '#test/lib/synthesized';

const { all } = await synthesized({ stage: 'prod' });
const machines = all('AWS::StepFunctions::StateMachine');

const statesIn = ({ States }: Found): Found[] =>
  Object.values<Found>(States).flatMap((state) => [
    state,
    ...[...(state.Branches ?? []), ...(state.ItemProcessor ? [state.ItemProcessor] : [])].flatMap(statesIn),
  ]);

describe('every state machine', () => {
  it.each(machines.map((machine) => [machine.id, machine]))(
    '%s ends, retries, catches, and uses every token that it is given',
    (_, { DefinitionString, DefinitionSubstitutions }) => {
      expect(aslProblems(DefinitionString, Object.keys(DefinitionSubstitutions))).toEqual([]);
    },
  );

  it.each(machines.map((machine) => [machine.id, machine]))(
    '%s waits for tokens and never asks again and again: it calls functions of its own, nothing else',
    (_, { DefinitionString }) => {
      const resources = statesIn(JSON.parse(DefinitionString)).flatMap(({ Type, Resource }) =>
        Type === 'Task' ? [Resource] : [],
      );
      expect(resources.length).toBeGreaterThan(0);
      expect(
        resources.filter((resource) => !/^arn:aws:states:::lambda:invoke(\.waitForTaskToken)?$/.test(resource)),
      ).toEqual([]);
    },
  );

  it.each(machines.map((machine) => [machine.id, machine]))(
    '%s is traced, and logs every transition without the data of tenants',
    (_, { LoggingConfiguration, TracingConfiguration }) => {
      expect(TracingConfiguration).toEqual({ Enabled: true });
      expect(LoggingConfiguration).toMatchObject({ Level: 'ALL', IncludeExecutionData: false });
      const logs = LoggingConfiguration.Destinations[0].CloudWatchLogsLogGroup.LogGroupArn['Fn::GetAtt'][0];
      expect(all('AWS::Logs::LogGroup').map(({ id }) => id)).toContain(logs);
    },
  );

  it('logs into a group of its own', () => {
    const names = all('AWS::Logs::LogGroup').flatMap(({ LogGroupName }) => LogGroupName ?? []);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain('/aws/vendedlogs/states/iorch-prod-workflow-session-lifecycle');
  });
});
