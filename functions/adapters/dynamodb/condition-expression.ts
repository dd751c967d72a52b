import type { Condition } from './item-engine.ts';

interface Expression {
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, unknown>;
}

/** The condition in DynamoDB's language. */
export const conditionExpression = (condition: Condition): Expression => {
  switch (condition.kind) {
    case 'any':
      return {};
    case 'absent':
      return { ConditionExpression: 'attribute_not_exists(pk)' };
    case 'exists':
      return { ConditionExpression: 'attribute_exists(pk)' };
    case 'revision':
      return {
        ConditionExpression: '#rev = :rev',
        ExpressionAttributeNames: { '#rev': 'rev' },
        ExpressionAttributeValues: { ':rev': condition.revision },
      };
    case 'at-most':
      return {
        ConditionExpression: 'attribute_not_exists(#a) OR #a <= :a',
        ExpressionAttributeNames: { '#a': condition.attribute },
        ExpressionAttributeValues: { ':a': condition.value },
      };
    case 'past':
      return {
        ConditionExpression: 'attribute_not_exists(#a) OR #a <= :a',
        ExpressionAttributeNames: { '#a': condition.attribute },
        ExpressionAttributeValues: { ':a': condition.now },
      };
    case 'equals':
      return {
        ConditionExpression: '#a = :a',
        ExpressionAttributeNames: { '#a': condition.attribute },
        ExpressionAttributeValues: { ':a': condition.value },
      };
    case 'absent-or-equals': {
      const names = Object.fromEntries(condition.steps.map((step, index) => [`#a${index}`, step]));
      return {
        ConditionExpression: `attribute_not_exists(pk) OR ${Object.keys(names).join('.')} = :a`,
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: { ':a': condition.value },
      };
    }
  }
};
