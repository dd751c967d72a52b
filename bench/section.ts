/** What one part of the benchmarks found, as it is printed and checked in. */
export interface Findings {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  /** Figures beyond what they may be, one sentence each. */
  readonly beyond: readonly string[];
  /** What a reader has to know of this run. */
  readonly remark?: string;
}

/** One part of the benchmarks. */
export interface Section {
  readonly id: string;
  readonly title: string;
  /** What its figures are compared to, and how they are taken. */
  readonly comparedTo: string;
  /** The command that repeats it. */
  readonly repeat: string;
  /** Whether it needs minutes and a calm machine, because it starts local clouds. */
  readonly isLong: boolean;
  measure(): Promise<Findings>;
}

/** A sentence for each row whose value is beyond its limit. */
export const beyondLimits = (
  figures: readonly { readonly name: string; readonly value: number; readonly limit: number }[],
): readonly string[] =>
  figures.flatMap(({ name, value, limit }) => (value > limit ? [`${name}: ${value}, ${limit} are allowed`] : []));
