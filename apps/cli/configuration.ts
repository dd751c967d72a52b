import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { findStackFile } from './find-stack-file.ts';
import { Refusal } from './refusal.ts';

/** Where the AWS of a local cloud is. */
export interface AwsEndpoint {
  readonly endpoint: string;
  readonly region: string;
}

/** Where the API is and what opens it. */
export interface Connection {
  readonly apiUrl: string;
  readonly apiKey: string;
  /** Where both come from, for people. */
  readonly source: string;
  /** Where it is a local cloud. */
  readonly aws?: AwsEndpoint;
}

export interface ConfigurationInput {
  readonly purpose: 'sessions' | 'runner';
  /** A profile of the file, or `local` for the local cloud whatever else is set. */
  readonly profile?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folders from which the local cloud's file is searched upwards, in order. */
  readonly searchFrom: readonly string[];
}

const Profile = z.looseObject({
  api_url: z.url({ protocol: /^https?$/ }),
  api_key: z.string().min(1),
  runner_key: z.string().min(1).optional(),
});
const ConfigFile = z.looseObject({
  default_profile: z.string().optional(),
  profiles: z.record(z.string(), Profile),
});
const StackFile = z.looseObject({
  api_url: z.url({ protocol: /^https?$/ }),
  keys: z.looseObject({ member: z.string(), runner: z.string() }),
  aws_endpoint_url: z.url().optional(),
  region: z.string().optional(),
});

/**
 * Finds the API: a named profile, else the environment, else the default profile, else the local cloud.
 * URL and key come from one source, so that a key never travels to another host by accident; only IORCH_API_KEY
 * alone replaces the key of what is found.
 * @throws Refusal when nothing is found, or a file is readable by others or not understood.
 */
export const findConnection = (input: ConfigurationInput): Connection => {
  const { env, profile } = input;
  const found = profile === undefined ? fromAnywhere(input) : fromNamed(input);
  if (!found) {
    throw new Refusal('No API is configured.', {
      remedy: 'Run npm start in a clone, or set IORCH_API_URL and IORCH_API_KEY.',
    });
  }
  const key = profile === undefined ? env['IORCH_API_KEY'] : undefined;
  return key ? { ...found, apiKey: key } : found;
};

const fromAnywhere = (input: ConfigurationInput) =>
  fromEnvironment(input.env) ?? fromProfile(input) ?? fromStack(input);

const fromNamed = (input: ConfigurationInput) => (input.profile === 'local' ? fromStack(input) : fromProfile(input));

const fromEnvironment = (env: ConfigurationInput['env']): Connection | undefined => {
  const { IORCH_API_URL: apiUrl, IORCH_API_KEY: apiKey } = env;
  if (!apiUrl) return undefined;
  if (!apiKey) throw new Refusal('IORCH_API_URL is set without IORCH_API_KEY.', { remedy: 'Set both, or neither.' });
  if (!URL.canParse(apiUrl)) throw new Refusal(`IORCH_API_URL is no URL: ${apiUrl}`);
  return { apiUrl: withoutSlash(apiUrl), apiKey, source: 'IORCH_API_URL' };
};

const fromProfile = ({ env, profile, purpose }: ConfigurationInput): Connection | undefined => {
  const path = configPath(env);
  const config = readConfig(path);
  if (!config) {
    if (profile === undefined) return undefined;
    throw new Refusal(`There is no profile ${profile}: ${path} does not exist.`);
  }
  const name = profile ?? env['IORCH_PROFILE'] ?? config.default_profile ?? 'default';
  const entry = config.profiles[name];
  if (!entry) {
    if (name === 'default') return undefined;
    throw new Refusal(`There is no profile ${name} in ${path}.`, {
      remedy: `It has: ${Object.keys(config.profiles).join(', ') || 'none'}.`,
    });
  }
  return {
    apiUrl: withoutSlash(entry.api_url),
    apiKey: purpose === 'runner' ? (entry.runner_key ?? entry.api_key) : entry.api_key,
    source: `profile ${name}`,
  };
};

const fromStack = ({ searchFrom, purpose }: ConfigurationInput): Connection | undefined => {
  const path = findStackFile(searchFrom);
  if (!path) return undefined;
  const stack = parseFile(path, StackFile);
  const { aws_endpoint_url: endpoint, region } = stack;
  return {
    apiUrl: withoutSlash(stack.api_url),
    apiKey: purpose === 'runner' ? stack.keys.runner : stack.keys.member,
    source: path,
    ...(endpoint && region ? { aws: { endpoint, region } } : {}),
  };
};

export const configPath = (env: ConfigurationInput['env']): string =>
  join(env['XDG_CONFIG_HOME'] || join(env['HOME'] || homedir(), '.config'), 'iorch', 'config.json');

const readConfig = (path: string) => {
  const mode = statSync(path, { throwIfNoEntry: false })?.mode;
  if (mode === undefined) return;
  if ((mode & 0o077) !== 0) {
    throw new Refusal(`${path} holds keys and others may read it.`, { remedy: `Run: chmod 600 ${path}` });
  }
  return parseFile(path, ConfigFile);
};

const parseFile = <T>(path: string, schema: z.ZodType<T>): T => {
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new Refusal(`${path} is not understood: ${why}`, { cause });
  }
};

const withoutSlash = (url: string) => url.replace(/\/+$/, '');
