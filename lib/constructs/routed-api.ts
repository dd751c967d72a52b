import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpMethod,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaAuthorizer, HttpLambdaResponseType } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

/** One operation as the gateway sees it. */
export interface GatewayRoute<Group extends string = string> {
  readonly operationId: string;
  readonly method: keyof typeof HttpMethod;
  readonly path: string;
  /** Names the function that answers. */
  readonly group: Group;
  /** Whether the caller is known without the authorizer, or need not be known. */
  readonly isOpen: boolean;
}

export interface RoutedApiProps<Group extends string> {
  readonly routes: readonly GatewayRoute<Group>[];
  readonly groups: Readonly<Record<Group, IFunction>>;
  /** Answers what no route matches. */
  readonly fallback: IFunction;
  /** Asked about every request to a route that is not open. */
  readonly authorizer: IFunction;
}

const ACCESS_LOG = {
  request_id: '$context.requestId',
  ip: '$context.identity.sourceIp',
  route: '$context.routeKey',
  path: '$context.path',
  status: '$context.status',
  latency_ms: '$context.responseLatency',
  response_bytes: '$context.responseLength',
  authorizer_error: '$context.authorizer.error',
  integration_error: '$context.integrationErrorMessage',
};

/** An HTTP API with one explicit route per operation, and `$default` for everything else. */
export class RoutedApi<Group extends string> extends Construct {
  readonly apiId: string;
  readonly url: string;

  constructor(scope: Construct, id: string, props: RoutedApiProps<Group>) {
    super(scope, id);
    const api = new HttpApi(this, 'Api', { apiName: Stack.of(this).stackName, createDefaultStage: false });
    this.#addRoutes(api, props);
    this.#addStage(api);
    this.apiId = api.apiId;
    this.url = api.apiEndpoint;
  }

  #addRoutes(httpApi: HttpApi, { routes, groups, fallback, authorizer: fn }: RoutedApiProps<Group>) {
    const authorizer = new HttpLambdaAuthorizer('Authorizer', fn, {
      responseTypes: [HttpLambdaResponseType.SIMPLE],
      // nothing is decided or remembered before the function: it answers 401 in our words, and a revoked key ends
      identitySource: [],
      resultsCacheTtl: Duration.seconds(0),
    });
    const integrations = Object.fromEntries(
      // one permission per function: a permission per route would outgrow its policy
      Object.entries<IFunction>(groups).map(([group, answering]) => [
        group,
        new HttpLambdaIntegration(group, answering, { scopePermissionToRoute: false }),
      ]),
    ) as Record<Group, HttpLambdaIntegration>;
    for (const { operationId, method, path, group, isOpen } of routes) {
      new HttpRoute(this, operationId, {
        httpApi,
        routeKey: HttpRouteKey.with(path, HttpMethod[method]),
        integration: integrations[group],
        ...(isOpen ? {} : { authorizer }),
      });
    }
    new HttpRoute(this, 'default', {
      httpApi,
      routeKey: HttpRouteKey.DEFAULT,
      integration: new HttpLambdaIntegration('fallback', fallback),
    });
  }

  #addStage(httpApi: HttpApi) {
    const logGroup = new LogGroup(this, 'AccessLog', {
      // under this prefix one resource policy of the account covers every log group, whose size is limited
      logGroupName: `/aws/vendedlogs/apis/${Stack.of(this).stackName}`,
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    new HttpStage(this, 'Stage', {
      httpApi,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: 200, burstLimit: 400 },
      accessLogSettings: {
        destination: new LogGroupLogDestination(logGroup),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
    });
  }
}
