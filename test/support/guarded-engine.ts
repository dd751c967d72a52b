import type { Item, ItemEngine, Operation } from '#adapters/dynamodb/item-engine';
import type { IndexName } from '#adapters/dynamodb/table';
import { TENANT_TAG } from '#adapters/sts/tenant-tag';
import { synthesized } from '#test/lib/synthesized';
import { type AccessRequest, isAllowed, type Statement, statementsOf } from './policy-evaluator.ts';

/** The policies that a deployed function works under, and the table they are about. */
export interface FunctionPolicies {
  /** Of its own role. */
  readonly own: readonly Statement[];
  /** Of the role it takes for one tenant. */
  readonly tenant: readonly Statement[];
  readonly tableArn: string;
}

/** Finds the policies of every function in the templates of a stage. */
export const deployedPolicies = async (): Promise<(functionName: string) => FunctionPolicies> => {
  const { stacks, all } = await synthesized({ stage: 'prod' });
  const [table] = all('AWS::DynamoDB::Table');
  const tableArn = `<${table.id}.Arn>`;
  return (functionName) => {
    const id = functionName.replaceAll('-', '');
    const named = (suffix: string) =>
      statementsOf(stacks, (role) => new RegExp(`(^|[a-zA-Z])${id}${suffix}[0-9A-F]{8}$`).test(role));
    return { own: named('role'), tenant: named('tenantrole'), tableArn };
  };
};

/** What the real engine throws when a policy does not admit a request. */
export class AccessDenied extends Error {}

export interface Guard {
  readonly statements: readonly Statement[];
  readonly tableArn: string;
  /** Tag of the session. @default none */
  readonly tenantId?: string;
}

/** What a request to the table is in IAM's words. Each item of a transaction is authorized for itself. */
export const accessRequest = (
  { tableArn, tenantId }: Guard,
  action: string,
  leadingKeys: readonly string[] | undefined,
  index?: IndexName,
): AccessRequest => ({
  action: `dynamodb:${action}`,
  resource: index ? `${tableArn}/index/${index}` : tableArn,
  context: {
    'dynamodb:LeadingKeys': leadingKeys,
    [`aws:PrincipalTag/${TENANT_TAG}`]: tenantId === undefined ? undefined : [tenantId],
  },
});

/** The engine as IAM lets a role reach it. */
export const guardedEngine = (engine: ItemEngine, guard: Guard): ItemEngine => {
  const admit = (action: string, leadingKeys: readonly string[], index?: IndexName) => {
    if (isAllowed(guard.statements, accessRequest(guard, action, leadingKeys, index))) return;
    throw new AccessDenied(`${action} of ${leadingKeys} as ${guard.tenantId ?? 'nobody'}`);
  };
  const admitOperation = (operation: Operation) => {
    if ('put' in operation) admit('PutItem', [operation.put.pk]);
    else if ('add' in operation) admit('UpdateItem', [operation.add.pk]);
    else admit('DeleteItem', [operation.remove.pk]);
  };
  return {
    ...engine,
    get: async (key) => {
      admit('GetItem', [key.pk]);
      return engine.get(key);
    },
    getMany: async (keys): Promise<readonly Item[]> => {
      if (keys.length > 0)
        admit(
          'BatchGetItem',
          keys.map(({ pk }) => pk),
        );
      return engine.getMany(keys);
    },
    query: async (query) => {
      admit('Query', [query.pk], query.index);
      return engine.query(query);
    },
    transact: async (operations) => {
      for (const operation of operations) admitOperation(operation);
      await engine.transact(operations);
    },
  };
};
