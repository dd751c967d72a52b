import { describe, expect, it } from 'vitest';
import { metricPoint } from '#adapters/sagemaker/metric-lines';

const AT = Date.parse('2026-01-02T03:04:05.000Z');
const LINE = 'iorch step=113 epoch=1 train_loss=1.35521 eval_loss=1.4083 lr=5e-05 tokens=540000';

describe('a line of the training program', () => {
  it('is a point of the curve', () => {
    expect(metricPoint(LINE, AT)).toEqual({
      step: 113,
      epoch: 1,
      trainLoss: 1.355_21,
      evalLoss: 1.4083,
      learningRate: 5e-5,
      tokensProcessed: 540_000,
      at: '2026-01-02T03:04:05.000Z',
    });
  });

  it('leaves out what was not measured', () => {
    expect(metricPoint('iorch step=1 epoch=0.333333 train_loss=2 eval_loss=nan lr=0 tokens=7\n', AT)).toEqual({
      step: 1,
      epoch: 0.333_333,
      trainLoss: 2,
      learningRate: 0,
      tokensProcessed: 7,
      at: '2026-01-02T03:04:05.000Z',
    });
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
