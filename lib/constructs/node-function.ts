import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { ArnPrincipal, Grant, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  type Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { TENANT_TAG } from '#adapters/sts/tenant-tag';
import type { StageSettings } from '#lib/config';
import { type FunctionName, type FunctionSource, functions } from '#lib/functions';

const ULID_LENGTH = 26;

/** What every function of a deployment shares. */
export interface StageProps {
  readonly settings: StageSettings;
  /** Finds the bundle of a function. */
  readonly code: (name: FunctionName) => Code;
}

export interface NodeFunctionProps extends StageProps {
  readonly timeout: Duration;
  /** In MB; processor time grows with it. @default 512 */
  readonly memorySize?: number;
  /** Executions kept free for this function, where the stage reserves any. @default none */
  readonly reservedConcurrency?: number;
  /** Beyond STAGE. @default none */
  readonly environment?: Readonly<Record<string, string>>;
}

/** One function of `lib/functions.ts` on arm64 and Node 24, with a role of its own that may only log and trace. */
export class NodeFunction extends LambdaFunction {
  /** What users lose while it fails. */
  readonly errorImpact: string;
  /** Whether its work is done without it, too. */
  readonly isCovered: boolean;
  /** When an execution is given up. */
  readonly ends: Duration;
  /** Whether a share of the account's concurrency is its own, and all that it gets. */
  readonly isReserved: boolean;

  readonly #name: FunctionName;
  #tenantRole: Role | undefined;

  constructor(scope: Construct, name: FunctionName, props: NodeFunctionProps) {
    const { settings, code, timeout, memorySize = 512, reservedConcurrency, environment = {} } = props;
    const { errorImpact, isPolled = false, isCovered = false }: FunctionSource = functions[name];
    const isReserved = settings.reservesConcurrency && reservedConcurrency !== undefined;
    const logGroup = new LogGroup(scope, `${name}-logs`, {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(scope, `${name}-role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    super(scope, name, {
      description: errorImpact,
      architecture: Architecture.ARM_64,
      runtime: Runtime.NODEJS_24_X,
      code: code(name),
      handler: 'index.handler',
      timeout,
      memorySize,
      role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      // begun at a steady pace, traces would cost more than all that an unused stage costs besides
      tracing: isPolled ? Tracing.PASS_THROUGH : Tracing.ACTIVE,
      ...(isReserved && { reservedConcurrentExecutions: reservedConcurrency }),
      environment: { STAGE: settings.stage, NODE_OPTIONS: '--enable-source-maps', ...environment },
    });
    this.errorImpact = errorImpact;
    this.isCovered = isCovered;
    this.ends = timeout;
    this.isReserved = isReserved;
    this.#name = name;
  }

  /**
   * The role in which the function reaches what one tenant has. It can be taken only with a session tag that names the tenant,
   * and only by this function.
   */
  get tenantRole(): Role {
    this.#tenantRole ??= this.#makeTenantRole();
    return this.#tenantRole;
  }

  #makeTenantRole(): Role {
    const own = this.role;
    if (own === undefined) throw new Error(`${this.#name} has no role`);
    const role = new Role(this.node.scope as Construct, `${this.#name}-tenant-role`, {
      description: `What ${this.#name} may do to the items of the one tenant in its session tag`,
      assumedBy: new ArnPrincipal(own.roleArn)
        .withConditions({
          StringLike: { [`aws:RequestTag/${TENANT_TAG}`]: '?'.repeat(ULID_LENGTH) },
          'ForAllValues:StringEquals': { 'aws:TagKeys': [TENANT_TAG] },
        })
        .withSessionTags(),
    });
    role.grantAssumeRole(own);
    Grant.addToPrincipal({ grantee: own, actions: ['sts:TagSession'], resourceArns: [role.roleArn] }).assertSuccess();
    this.addEnvironment('TENANT_ROLE_ARN', role.roleArn);
    return role;
  }
}
