/** When the prices below were read. */
export const PRICES_READ = '2026-11-21';

/** List prices in US dollars in us-east-1, without any free allowance. */
export const PRICES = {
  kmsKeyMonth: 1,
  kmsRequest: 0.03 / 10_000,
  secretMonth: 0.4,
  alarmMetricMonth: 0.1,
  sqsRequest: 0.4 / 1_000_000,
  lambdaRequest: 0.2 / 1_000_000,
  lambdaGigabyteSecond: 0.0000133334,
  scheduleInvocation: 1 / 1_000_000,
  trace: 5 / 1_000_000,
  logGigabyte: 0.5,
  readUnit: 0.125 / 1_000_000,
  writeUnit: 0.625 / 1_000_000,
  tableGigabyteMonth: 0.25,
  backupGigabyteMonth: 0.2,
  transition: 25 / 1_000_000,
  httpRequest: 1 / 1_000_000,
} as const;

/** What happens in a stage that nobody uses, as far as a template does not say. */
export const IDLE = {
  hoursPerMonth: 730,
  /** Lambda keeps this many long polls open on each queue, */
  pollersPerQueue: 5,
  /** of this length. */
  secondsPerPoll: 20,
  /** A scheduled execution that finds nothing to do takes this long, */
  secondsPerRun: 0.1,
  /** reads this much, */
  readUnitsPerRun: 10,
  /** and writes this much to its log. */
  logKilobytesPerRun: 1,
  /** DynamoDB asks for the key of its table anew after this time. */
  minutesPerKeyRequest: 5,
} as const;
