import { describe, expect, it } from 'vitest';
import { idleMonth } from '#lib/idle-month';
import { costDocument, GATES } from '#scripts/cost-document';
import { synthesized } from '#test/lib/synthesized';

const idleMonthOf = async (alarms: 'on' | 'off') => {
  const { stacks } = await synthesized({ stage: 'prod', alarms });
  return idleMonth(Object.values(stacks).map(({ template }) => template));
};

const withAlarms = await idleMonthOf('on');
const withoutAlarms = await idleMonthOf('off');

describe('a month in which nobody uses a stage', () => {
  it('costs less than $3, and less than $10 with all alarms', () => {
    expect(withoutAlarms.dollars).toBeLessThan(GATES.withoutAlarms);
    expect(withAlarms.dollars).toBeLessThan(GATES.withAlarms);
    expect([GATES.withoutAlarms, GATES.withAlarms]).toEqual([3, 10]);
  });

  it('is described as it is computed from the templates', async () => {
    await expect(costDocument({ withoutAlarms, withAlarms })).toMatchFileSnapshot('../../docs/cost.md');
  });
});
