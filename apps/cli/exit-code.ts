/** What the process says to the shell. */
export const exitCode = {
  done: 0,
  sessionFailed: 1,
  unfit: 1,
  usage: 2,
  refused: 3,
  notReachable: 4,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];
