import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { modelKey, modelVersionKey, tallyKey, tenantKey } from '#adapters/dynamodb/table';
import { functions } from '#lib/functions';
import { synthesized } from '#test/lib/synthesized';
import { accessRequest, deployedPolicies } from '#test/support/guarded-engine';
import { isAllowed, type Statement } from '#test/support/policy-evaluator';

const { all } = await synthesized({ stage: 'prod' });
const policiesOf = await deployedPolicies();
const { tenant: statements, tableArn } = policiesOf('eap');

const tenantId = '01JD8X5YB2M0Q4V6T8W1Z3C5E7';
const other = '01JD8X5YB2M0Q4V6T8W1Z3C5E8';
const ask = (
  action: string,
  keys: readonly string[] | undefined,
  { as = tenantId, index }: { as?: string | undefined; index?: 'gsi1' | 'gsi2' | 'gsi3' } = {},
) =>
  isAllowed(
    statements,
    accessRequest({ statements, tableArn, ...(as === '' ? {} : { tenantId: as }) }, action, keys, index),
  );

describe("P1: the policy of a function's tenant role", () => {
  it.each([
    ['GetItem', [`T#${tenantId}`]],
    ['BatchGetItem', [`T#${tenantId}#S#1`, `T#${tenantId}#A#2`]],
    ['Query', [`T#${tenantId}#S#1`]],
    ['PutItem', [`T#${tenantId}#S#1`]],
    ['DeleteItem', [`T#${tenantId}#G#sessions`]],
    ['PutItem', ['KEY#0123456789ab']],
  ])('admits %s of its own tenant', (action, keys) => {
    expect(ask(action, keys)).toBe(true);
  });

  it.each([
    ['of another tenant', 'GetItem', [`T#${other}#S#1`]],
    ['of two tenants at once', 'BatchGetItem', [`T#${tenantId}#S#1`, `T#${other}#S#1`]],
    ['of another tenant', 'PutItem', [`T#${other}#S#1`]],
    ['of another tenant', 'DeleteItem', [`T#${other}`]],
    ['that names no key', 'Query', undefined],
    ['that is not needed', 'Scan', undefined],
    ['that is not needed', 'Scan', [`T#${tenantId}`]],
    ['that is not needed', 'UpdateItem', [`T#${tenantId}`]],
    ['that is not needed', 'ConditionCheckItem', [`T#${tenantId}`]],
    ['of a credential', 'GetItem', ['KEY#0123456789ab']],
    ['of due work', 'Query', ['DUE#lease#0']],
  ])('denies what is %s: %s of %j', (_, action, keys) => {
    expect(ask(action, keys)).toBe(false);
  });

  it.each(['sessions-command', 'begin-attempt', 'record-outcome', 'sweeper', 'place-work'])(
    'lets %s, which ends sessions, add to figures, and to nothing else of a model',
    (name) => {
      const tenantStatements = policiesOf(name).tenant;
      const mayAdd = ({ pk }: { pk: string }, as = tenantId) =>
        isAllowed(tenantStatements, accessRequest({ statements, tableArn, tenantId: as }, 'UpdateItem', [pk]));
      const figures = tallyKey(tenantId, 'coder', '1.0.0');
      expect([mayAdd(figures), mayAdd(figures, other)]).toEqual([true, false]);
      for (const key of [modelKey(tenantId, 'coder'), modelVersionKey(tenantId, 'coder', '1.0.0'), tenantKey(tenantId)])
        expect(mayAdd(key)).toBe(false);
    },
  );

  it('admits to the indexes by the own tenant only, and not to due work', () => {
    expect(ask('Query', [`T#${tenantId}#S`], { index: 'gsi1' })).toBe(true);
    expect(ask('Query', [`T#${other}#S`], { index: 'gsi1' })).toBe(false);
    expect(ask('Query', undefined, { index: 'gsi1' })).toBe(false);
    expect(ask('Query', [`T#${tenantId}#S`], { index: 'gsi3' })).toBe(false);
    expect(ask('GetItem', [`T#${tenantId}#S`], { index: 'gsi1' })).toBe(false);
  });

  it('admits nobody without a tag', () => {
    expect(ask('GetItem', [`T#${tenantId}`], { as: '' })).toBe(false);
    expect(ask('GetItem', ['T#'], { as: '' })).toBe(false);
  });

  it('never takes one tenant for another, whatever their ids begin with', () => {
    const id = fc.string({ unit: fc.constantFrom('A', 'B', '0'), minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(id, id, fc.constantFrom('', '#S#1', '#'), (mine, theirs, rest) => {
        expect(ask('GetItem', [`T#${theirs}${rest}`], { as: mine })).toBe(mine === theirs);
      }),
    );
  });

  it('gives way to a Deny', () => {
    const deny: Statement = { effect: 'Deny', actions: ['dynamodb:*'], resources: ['*'], conditions: {} };
    const request = accessRequest({ statements, tableArn, tenantId }, 'GetItem', [`T#${tenantId}`]);
    expect(isAllowed(statements, request)).toBe(true);
    expect(isAllowed([...statements, deny], request)).toBe(false);
  });

  it.each(Object.keys(functions))('%s: no statement on items is without both conditions', (name) => {
    const { own, tenant } = policiesOf(name);
    const onItems = [...own, ...tenant].filter(({ actions }) =>
      actions.some((action) => /^dynamodb:.*(Item|Query)$/.test(action)),
    );
    for (const { conditions } of onItems) {
      expect(conditions['ForAllValues:StringLike']?.['dynamodb:LeadingKeys']).toEqual(expect.any(Array));
      expect(conditions['Null']).toEqual({ 'dynamodb:LeadingKeys': ['false'] });
    }
    for (const { conditions, actions } of tenant.filter(({ actions: all }) =>
      all.some((action) => action.startsWith('dynamodb:')),
    )) {
      for (const pattern of conditions['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'] ?? []) {
        const isOfTenant = /^T#\$\{aws:PrincipalTag\/tenant_id\}(#([A-Z]#)?\*)?$/.test(pattern);
        expect(isOfTenant || (pattern === 'KEY#*' && !actions.includes('dynamodb:GetItem'))).toBe(true);
      }
    }
  });

  it('is reached by its own function alone, with the tag of one tenant and no other tag', () => {
    const roles = all('AWS::IAM::Role').filter(({ id }) => /tenantrole[0-9A-F]{8}$/.test(id));
    expect(roles.length).toBeGreaterThan(5);
    for (const { id, AssumeRolePolicyDocument } of roles) {
      const own = id.replace(/tenantrole[0-9A-F]{8}$/, 'role');
      const statements = AssumeRolePolicyDocument.Statement;
      expect(statements.flatMap(({ Action }: { Action: string | string[] }) => Action).sort()).toEqual([
        'sts:AssumeRole',
        'sts:TagSession',
      ]);
      for (const { Principal, Condition, Effect } of statements) {
        expect(Effect).toBe('Allow');
        expect(Principal.AWS['Fn::GetAtt'][0]).toMatch(new RegExp(`^${own}[0-9A-F]{8}$`));
        expect(Condition).toEqual({
          StringLike: { 'aws:RequestTag/tenant_id': '?'.repeat(26) },
          'ForAllValues:StringEquals': { 'aws:TagKeys': ['tenant_id'] },
        });
      }
    }
  });
});
