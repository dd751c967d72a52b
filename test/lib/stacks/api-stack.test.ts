import { describe, expect, it } from 'vitest';
import { routes } from '#contracts/routes';
import { synthesized } from '#test/lib/synthesized';

const { stackNamed, all } = await synthesized({ stage: 'local' });

const deployed = new Map(all('AWS::ApiGatewayV2::Route').map((route) => [route.RouteKey as string, route]));
const table = Object.values(routes);
const keyOf = ({ method, path }: { method: string; path: string }) => `${method} ${path}`;

/** Logical id of the function that answers a route. */
const answering = (routeKey: string) => {
  const integration = deployed.get(routeKey)?.Target['Fn::Join'][1][1].Ref;
  return all('AWS::ApiGatewayV2::Integration').find(({ id }) => id === integration)?.IntegrationUri['Fn::GetAtt'][0];
};

describe('the gateway', () => {
  it('has one route per operation, and $default', () => {
    expect([...deployed.keys()].sort()).toEqual([...table.map(keyOf), '$default'].sort());
  });

  it.each(table.map((route) => [keyOf(route), route.group] as const))('answers %s with %s', (routeKey, group) => {
    expect(answering(routeKey)).toMatch(new RegExp(`^${group.replaceAll('-', '')}[0-9A-F]{8}$`));
  });

  it('answers everything else with the fallback, which knows no table', () => {
    const id = answering('$default');
    expect(id).toMatch(/^fallback/);
    const { Environment } = all('AWS::Lambda::Function').find((fn) => fn.id === id) ?? {};
    expect(Object.keys(Environment.Variables).sort()).toEqual(['NODE_OPTIONS', 'STAGE']);
  });

  it('lets every function be invoked by the requests it gets, $default included', () => {
    const suffixes = Object.fromEntries(
      all('AWS::Lambda::Permission').flatMap(({ FunctionName, SourceArn }) =>
        SourceArn?.['Fn::Join'] && JSON.stringify(SourceArn).includes('execute-api')
          ? [[FunctionName['Fn::GetAtt'][0].replace(/[0-9A-F]{8}$/, ''), SourceArn['Fn::Join'][1].at(-1)]]
          : [],
      ),
    );
    // the source of a $default request is <api>/<stage>/$default, one part shorter than <api>/<stage>/GET/path
    expect(suffixes['fallback']).toBe('/*/*');
    expect(suffixes['eap']).toBe('/*/*/*');
  });

  it('is throttled and logs every access', () => {
    const [stage] = all('AWS::ApiGatewayV2::Stage');
    expect(stage).toMatchObject({
      StageName: '$default',
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit: 200, ThrottlingBurstLimit: 400 },
      AccessLogSettings: { DestinationArn: expect.anything() },
    });
    const names = Object.keys(JSON.parse(stage.AccessLogSettings.Format));
    expect(names).toEqual(expect.arrayContaining(['request_id', 'route', 'status', 'latency_ms']));
  });
});

describe('browsers of other sites', () => {
  it('are not let in wholesale', () => {
    for (const { CorsConfiguration } of all('AWS::ApiGatewayV2::Api')) {
      expect(CorsConfiguration?.AllowOrigins ?? []).not.toContain('*');
    }
  });
});

describe('the authorizer', () => {
  it('is asked about every request, with or without a credential, and nothing of its answer is kept', () => {
    expect(all('AWS::ApiGatewayV2::Authorizer')).toMatchObject([
      { IdentitySource: [], AuthorizerResultTtlInSeconds: 0, EnableSimpleResponses: true, AuthorizerType: 'REQUEST' },
    ]);
  });

  it.each(table.map((route) => [keyOf(route), route.role] as const))('stands before %s as %s demands', (key, role) => {
    const isOpen = role === 'public' || role === 'bootstrap';
    expect(deployed.get(key)?.AuthorizationType).toBe(isOpen ? 'NONE' : 'CUSTOM');
  });
});

describe('the functions', () => {
  const environmentOf = (name: string) =>
    all('AWS::Lambda::Function').find(({ id }) => id.startsWith(name))?.Environment.Variables;

  it('get the lease and poll times of the stage', () => {
    expect(environmentOf('eap')).toMatchObject({
      LEASE_SECONDS: '30',
      AGENT_POLL_SECONDS: '1',
      AGENT_IDLE_POLL_SECONDS: '1',
      STAGE: 'local',
    });
  });

  it('make test keys outside of production', () => {
    expect(environmentOf('tenancycommand')).toMatchObject({ KEY_ENVIRONMENT: 'test' });
  });

  it('get the version that health reports', () => {
    expect(environmentOf('system')).toMatchObject({ API_VERSION: '1.2.3' });
  });

  it('end before the gateway does', () => {
    const timeouts = Object.values(stackNamed('api').template.Resources).flatMap(({ Type, Properties }) =>
      Type === 'AWS::Lambda::Function' ? [Properties.Timeout] : [],
    );
    expect(Math.max(...timeouts)).toBeLessThan(30);
  });
});

describe('the outputs', () => {
  it('name the API', () => {
    expect(Object.keys(stackNamed('api').template.Outputs ?? {})).toEqual(expect.arrayContaining(['ApiUrl', 'ApiId']));
  });
});
