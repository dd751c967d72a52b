import type { Method } from './parameters.ts';

/** What one instance type costs and does. */
export interface PriceRow {
  readonly instanceType: string;
  readonly method: Method;
  readonly usdPerHour: number;
  readonly tokensPerSecond: number;
  readonly startupSeconds: number;
  readonly uploadSeconds: number;
  /** What a spot machine costs of the full price. */
  readonly spotFactor: number;
}

/** What estimates are made from. */
export interface PriceTable {
  readonly priceTableVersion: string;
  /** When its prices were read. */
  readonly asOf: string;
  readonly rows: readonly PriceRow[];
}
