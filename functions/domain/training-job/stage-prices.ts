import type { PriceRow, PriceTable } from './price-table.ts';

const STARTUP_SECONDS = 240;
const UPLOAD_SECONDS = 120;
const SPOT_FACTOR = 0.4;

/** A quantized base leaves room, and costs time. */
const QLORA_SPEED = 0.7;

const rows = (instanceType: string, usdPerHour: number, tokensPerSecond: number): PriceRow[] => {
  const shared = {
    instanceType,
    usdPerHour,
    startupSeconds: STARTUP_SECONDS,
    uploadSeconds: UPLOAD_SECONDS,
    spotFactor: SPOT_FACTOR,
  };
  return [
    { ...shared, method: 'lora', tokensPerSecond },
    { ...shared, method: 'qlora', tokensPerSecond: Math.round(tokensPerSecond * QLORA_SPEED) },
  ];
};

/** Planning figures for a model of about 7 billion parameters: prices rounded up, speeds rounded down, none of them measured. */
export const STAGE_PRICES: PriceTable = {
  priceTableVersion: 'planning-1',
  asOf: '2026-11-21',
  rows: [
    ...rows('ml.g5.xlarge', 1.41, 1200),
    ...rows('ml.g5.2xlarge', 1.52, 1500),
    ...rows('ml.g5.4xlarge', 2.04, 1500),
    ...rows('ml.g5.12xlarge', 7.1, 5000),
  ],
};
