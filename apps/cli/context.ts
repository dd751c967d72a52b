import type { Client } from '#contracts/client';
import type { Connection } from './configuration.ts';
import type { ExecutionLog } from './executions/execution-log.ts';
import type { Terminal } from './output/terminal.ts';

/** What a command gets from the process it runs in. */
export interface Context {
  readonly terminal: Terminal;
  /** What the user wrote behind the name of this program. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** How the user calls this program, for hints. */
  readonly program: string;
  /** Raised by the first Ctrl-C. */
  readonly signal: AbortSignal;
  readonly now: () => number;
  /** Waits; rejects when the signal is raised. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** @throws Refusal when no API is configured. */
  readonly connection: (purpose: 'sessions' | 'runner', profile: string | undefined) => Connection;
  readonly client: (connection: Connection) => Client;
  /** Reads what drives the sessions of a connection, with the AWS credentials of the environment. */
  readonly executions: (connection: Connection) => Promise<ExecutionLog>;
  /** Reads the token for the first admin of a stage, with the AWS credentials of the environment. */
  readonly bootstrapToken: (stage: string) => Promise<string>;
  readonly readStdin: () => Promise<string>;
}

/** The options that every command has. */
export interface CommonOptions {
  readonly profile?: string;
  readonly json?: boolean;
}

/** The client of a command that works with sessions. */
export const clientOf = (context: Context, { profile }: CommonOptions): Client =>
  context.client(context.connection('sessions', profile));

/** Prints an answer for programs. */
export const printJson = (context: Context, value: unknown): void =>
  context.terminal.out(JSON.stringify(value, undefined, 2));
