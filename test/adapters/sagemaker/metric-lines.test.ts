import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { metricPoint } from '#adapters/sagemaker/metric-lines';

const AT = Date.parse('2026-01-02T03:04:05.000Z');
const LINE = 'iorch step=113 epoch=1 train_loss=1.35521 eval_loss=1.4083 lr=5e-05 tokens=540000';

interface Example {
  readonly line: string;
  readonly point: object | null;
}
// written by the training program, whose tests read the same file
const EXAMPLES: readonly Example[] = JSON.parse(readFileSync('training/tests/metric-lines.json', 'utf8'));

describe('a line of the training program', () => {
  it.each(EXAMPLES)('is a point of the curve if it has a loss: $line', ({ line, point }) => {
    const expected = point === null ? undefined : { ...point, at: '2026-01-02T03:04:05.000Z' };
    expect(metricPoint(line, AT)).toEqual(expected);
    expect(metricPoint(`${line}\n`, AT)).toEqual(expected);
  });

  it.each([
    '',
    'Done.',
    ` ${LINE}`,
    `${LINE} more`,
    LINE.replace('113', '-1'),
    LINE.replace('tokens=', 'token='),
    LINE.replace('1.35521', 'nan'),
    LINE.replace('1.35521', '1e999'),
    LINE.replace('1.35521', '1.2.3'),
  ])('is not %j', (line) => {
    expect(metricPoint(line, AT)).toBeUndefined();
  });
});
