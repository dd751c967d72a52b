import { DomainError } from '#domain/errors';
import type { GateRules } from '#domain/evaluation/gate-rules';
import type { Compute, TrainingParameters } from './parameters.ts';
import type { PriceRow, PriceTable } from './price-table.ts';

/** Nobody knows what this machine costs. */
export class InstanceTypeUnknown extends DomainError {
  readonly code = 'INSTANCE_TYPE_UNKNOWN';
  override readonly extras: { instance_type: string; known: readonly string[] };

  constructor(instanceType: string, known: readonly string[]) {
    super(`the price table has no ${instanceType}`);
    this.extras = { instance_type: instanceType, known };
  }
}

/** What a job will probably cost, and can cost at most. Dollars. */
export interface TrainingEstimate {
  /** Tokens that will be learned from; null while the dataset is not known. */
  readonly tokens: number | null;
  readonly seconds: number | null;
  readonly expectedUsd: number | null;
  readonly maxUsd: number;
  /** Replaying held-out work once with both models, each session up to its limit, beside the training. */
  readonly evaluationMaxUsd: number;
  readonly priceTableVersion: string;
  readonly asOf: string;
  /** The row of the price table; absent where nothing is paid. */
  readonly prices?: Omit<PriceRow, 'instanceType' | 'method'>;
  readonly simulated: boolean;
}

export interface EstimateInput {
  readonly provider: 'sagemaker' | 'simulated';
  readonly parameters: Pick<TrainingParameters, 'method' | 'epochs'>;
  readonly compute: Pick<Compute, 'instanceType' | 'instanceCount' | 'useSpot' | 'maxRuntimeSeconds'>;
  readonly gate: Pick<GateRules, 'enabled' | 'replayItems' | 'replayMaxCostUsd'>;
  /** Tokens of the dataset's train part; undefined while they are not known. */
  readonly trainTokens: number | undefined;
}

const SECONDS_PER_HOUR = 3600;
const MICRODOLLARS = 1_000_000;
/** Each item is one session per model. */
const SESSIONS_PER_ITEM = 2;

const dollars = (value: number) => Math.round(value * MICRODOLLARS) / MICRODOLLARS;

/** The row for an instance type and method. @throws InstanceTypeUnknown */
export const priceRow = (
  { rows }: PriceTable,
  instanceType: string,
  method: TrainingParameters['method'],
): PriceRow => {
  const row = rows.find((one) => one.instanceType === instanceType && one.method === method);
  if (row === undefined) throw new InstanceTypeUnknown(instanceType, [...new Set(rows.map((one) => one.instanceType))]);
  return row;
};

/** Estimates a job. Simulated ones cost nothing. @throws InstanceTypeUnknown */
export const estimateTraining = (
  { provider, parameters, compute, gate, trainTokens }: EstimateInput,
  table: PriceTable,
): TrainingEstimate => {
  const { priceTableVersion, asOf } = table;
  const tokens = trainTokens === undefined ? null : trainTokens * parameters.epochs;
  if (provider === 'simulated')
    return {
      ...{ tokens, seconds: null, expectedUsd: 0, maxUsd: 0, evaluationMaxUsd: 0 },
      ...{ priceTableVersion, asOf, simulated: true },
    };
  const { instanceType: _, method: __, ...prices } = priceRow(table, compute.instanceType, parameters.method);
  const perSecond = (prices.usdPerHour * compute.instanceCount) / SECONDS_PER_HOUR;
  const seconds =
    tokens === null ? null : Math.ceil(prices.startupSeconds + tokens / prices.tokensPerSecond + prices.uploadSeconds);
  const factor = compute.useSpot ? prices.spotFactor : 1;
  return {
    tokens,
    seconds,
    expectedUsd: seconds === null ? null : dollars(seconds * perSecond * factor),
    maxUsd: dollars(compute.maxRuntimeSeconds * perSecond),
    evaluationMaxUsd: gate.enabled ? dollars(SESSIONS_PER_ITEM * gate.replayItems * gate.replayMaxCostUsd) : 0,
    priceTableVersion,
    asOf,
    prices,
    simulated: false,
  };
};
