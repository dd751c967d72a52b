import { readFile } from 'node:fs/promises';
import { startDemoModelServer } from './demo-model/demo-model-server.ts';
import type { Environment } from './environment.ts';

/** Where a runner's models come from. */
export interface ModelSource {
  /** For people: what works here. */
  readonly description: string;
  /** Set when no real model does the work: the demo model, whatever a session asks for. */
  readonly demoModel?: string;
  /** OpenCode configuration that wins over every other. */
  readonly configuration: Readonly<Record<string, unknown>>;
  /** A configuration file of the user's own. */
  readonly configurationFile?: string;
  /** Variables that the providers need; secrets that no agent may see. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** The variables in which OpenCode expects a provider's key. */
const providerKeys: Readonly<Record<string, string>> = {
  ANTHROPIC_API_KEY: 'anthropic',
  OPENAI_API_KEY: 'openai',
  GOOGLE_GENERATIVE_AI_API_KEY: 'google',
  GEMINI_API_KEY: 'google',
  OPENROUTER_API_KEY: 'openrouter',
  MISTRAL_API_KEY: 'mistral',
  DEEPSEEK_API_KEY: 'deepseek',
  GROQ_API_KEY: 'groq',
  XAI_API_KEY: 'xai',
};

/** The name under which the demo model appears in every result. */
const demoModelName = 'demo/scripted';

/** The user's configuration file, else the providers whose key is in the environment, else the demo model. */
export async function openModelSource(environment: Environment, configurationFile?: string): Promise<ModelSource> {
  if (configurationFile !== undefined) return fromFile(configurationFile, environment);
  const keys = Object.entries(environment).filter(
    (entry): entry is [string, string] => Boolean(entry[1]) && entry[0] in providerKeys,
  );
  return keys.length > 0 ? fromKeys(keys) : fromDemoModel();
}

const nothingToClose = () => Promise.resolve();

async function fromFile(file: string, environment: Environment): Promise<ModelSource> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Error(`the OpenCode configuration ${file} cannot be read`, { cause });
  });
  const named = [...text.matchAll(/\{env:([A-Za-z_]\w*)\}/g)].map(([, name = '']) => name);
  const wanted = [...new Set([...named, ...Object.keys(providerKeys)])].map((name) => [name, environment[name]]);
  return {
    description: `the models of ${file}`,
    // the vendor's own hosted provider counts as connected without any key
    configuration: text.includes('"enabled_providers"') ? {} : { disabled_providers: ['opencode'] },
    configurationFile: file,
    environment: Object.fromEntries(wanted.filter((entry): entry is [string, string] => entry[1] !== undefined)),
    close: nothingToClose,
  };
}

function fromKeys(keys: readonly (readonly [string, string])[]): ModelSource {
  const providers = [...new Set(keys.map(([name]) => providerKeys[name] ?? ''))];
  // without these, a provider that never answers is waited for 300 s per try
  const options = { headerTimeout: 120_000, chunkTimeout: 120_000 };
  return {
    description: `the providers ${providers.join(', ')}, by the keys in the environment`,
    configuration: {
      enabled_providers: providers,
      provider: Object.fromEntries(providers.map((id) => [id, { options }])),
    },
    environment: Object.fromEntries(keys),
    close: nothingToClose,
  };
}

async function fromDemoModel(): Promise<ModelSource> {
  const { baseUrl, close } = await startDemoModelServer();
  const scripted = { name: 'Scripted demo', tool_call: true, limit: { context: 100_000_000, output: 8_192 } };
  return {
    description: `the demo model ${demoModelName}: it follows scripts in the prompt, no real model works here`,
    demoModel: demoModelName,
    configuration: {
      model: demoModelName,
      small_model: demoModelName,
      enabled_providers: ['demo'],
      provider: {
        demo: {
          npm: '@ai-sdk/openai-compatible',
          name: 'Demo',
          options: { baseURL: baseUrl, apiKey: 'none' },
          models: { scripted },
        },
      },
    },
    environment: {},
    close,
  };
}
