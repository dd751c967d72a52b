import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openModelSource } from '#apps/runner/model-source';
import { temporaryFolder, writeFiles } from '#test/support/git-world';

const open = async (...given: Parameters<typeof openModelSource>) => {
  const source = await openModelSource(...given);
  onTestFinished(() => source.close());
  return source;
};

describe('where the models come from', () => {
  it('is the demo model when nothing else is there, and that is said', async () => {
    const source = await open({ PATH: '/bin' });
    expect(source.demoModel).toBe('demo/scripted');
    expect(source.description).toContain('no real model works here');
    expect(source.configuration).toMatchObject({ enabled_providers: ['demo'], model: 'demo/scripted' });
  });

  it('are the providers whose key is in the environment, and only those', async () => {
    const source = await open({
      ANTHROPIC_API_KEY: 'sk-1',
      OPENAI_API_KEY: 'sk-2',
      MISTRAL_API_KEY: '',
      AWS_SECRET_ACCESS_KEY: 'x',
    });
    expect(source.demoModel).toBeUndefined();
    expect(source.configuration['enabled_providers']).toEqual(['anthropic', 'openai']);
    expect(source.environment).toEqual({ ANTHROPIC_API_KEY: 'sk-1', OPENAI_API_KEY: 'sk-2' });
  });

  it('is the configuration file of the user, with the variables that it names', async () => {
    const folder = temporaryFolder();
    const configuration = { provider: { mine: { options: { apiKey: '{env:MY_KEY}' } } } };
    writeFiles(folder, { 'opencode.json': JSON.stringify(configuration) });
    const file = path.join(folder, 'opencode.json');
    const source = await open({ MY_KEY: 'k', OTHER: 'o' }, file);
    expect(source).toMatchObject({
      configurationFile: file,
      environment: { MY_KEY: 'k' },
      configuration: { disabled_providers: ['opencode'] },
    });
    expect(source.demoModel).toBeUndefined();
  });

  it('is an error when that file is missing', async () => {
    await expect(openModelSource({}, '/no/such/opencode.json')).rejects.toThrow('/no/such/opencode.json');
  });
});
