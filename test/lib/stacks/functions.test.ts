import { describe, expect, it } from 'vitest';
import { type FunctionSource, functions } from '#lib/functions';
import { synthesized } from '#test/lib/synthesized';

const { resourcesOf } = await synthesized();
const deployed = Object.values(resourcesOf('AWS::Lambda::Function')).map(({ Properties }) => Properties);

describe('every function', () => {
  it('of the list is deployed once, and says what its failure costs', () => {
    const impacts = Object.values(functions).map(({ errorImpact }) => errorImpact);
    expect(deployed.map(({ Description }) => Description).sort()).toEqual(impacts.sort());
  });

  it('runs on arm64 and Node 24, with a timeout and a memory size', () => {
    for (const properties of deployed) {
      expect(properties).toMatchObject({
        Architectures: ['arm64'],
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Timeout: expect.any(Number),
        MemorySize: expect.any(Number),
      });
    }
  });

  it('is traced, but for those that are called whether there is work or not', () => {
    const polled = Object.values<FunctionSource>(functions).flatMap((source) =>
      source.isPolled ? [source.errorImpact] : [],
    );
    const untraced = deployed.filter(({ TracingConfig }) => TracingConfig.Mode !== 'Active');
    expect(polled.length).toBeGreaterThan(0);
    expect(untraced.map(({ Description }) => Description).sort()).toEqual(polled.sort());
  });

  it('logs JSON to a group of its own that is not kept for ever', () => {
    const groups = deployed.map(({ LoggingConfig }) => LoggingConfig.LogGroup.Ref);
    expect(new Set(groups).size).toBe(deployed.length);
    expect(deployed.every(({ LoggingConfig }) => LoggingConfig.LogFormat === 'JSON')).toBe(true);
    const retentions = Object.values(resourcesOf('AWS::Logs::LogGroup')).map(
      ({ Properties }) => Properties.RetentionInDays,
    );
    expect(new Set(retentions)).toEqual(new Set([30]));
  });

  it('finds secrets by name, never by value', () => {
    expect(JSON.stringify(deployed)).not.toContain('{{resolve:');
    const texts = deployed.flatMap(({ Environment }) =>
      Object.entries<unknown>(Environment.Variables).filter(([, value]) => typeof value === 'string'),
    );
    expect(texts.length).toBeGreaterThan(0);
    // a secret is long and looks like nothing
    expect(
      texts.filter(([, value]) => /[\w+/=-]{20,}/.test(String(value).replace('--enable-source-maps', ''))),
    ).toEqual([]);
  });

  it('that is told of a secret may read it, and nobody else may', () => {
    const told = deployed.filter(({ Environment }) =>
      Object.keys(Environment.Variables).some((name) => name.endsWith('_SECRET')),
    );
    const readers = Object.values(resourcesOf('AWS::IAM::Policy')).filter(({ Properties }) =>
      JSON.stringify(Properties.PolicyDocument).includes('secretsmanager:GetSecretValue'),
    );
    const roles = readers.map(({ Properties }) => Properties.Roles[0].Ref).sort();
    expect(told.map(({ Role }) => Role['Fn::GetAtt'][0]).sort()).toEqual(roles);
  });
});
