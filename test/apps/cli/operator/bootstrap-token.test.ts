import { GetSecretValueCommand, ListSecretsCommand } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { findBootstrapToken } from '#apps/cli/operator/bootstrap-token';

const secret = (id: string, stage: string, application = 'industrial-orchestrator') => ({
  Name: id,
  ARN: `arn:${id}`,
  Tags: [
    { Key: 'application', Value: application },
    { Key: 'stage', Value: stage },
  ],
});

const secrets = [
  secret('AgentMasterKey54897A55-1', 'prod'),
  secret('BootstrapToken0B7F262C-1', 'dev'),
  secret('BootstrapToken0B7F262C-2', 'prod', 'another'),
  secret('BootstrapToken0B7F262C-3', 'prod'),
];

/** Secrets Manager that gives out one secret per page. */
const manager = (value: string | undefined = 'secret', list = secrets) => {
  const send = async (command: unknown) => {
    if (command instanceof ListSecretsCommand) {
      const { NextToken = '0' } = command.input;
      const next = Number(NextToken) + 1;
      return { SecretList: list.slice(next - 1, next), ...(next < list.length && { NextToken: String(next) }) };
    }
    if (command instanceof GetSecretValueCommand) {
      return { SecretString: value && `${value} of ${command.input.SecretId}` };
    }
    throw new Error('unexpected');
  };
  return { send } as unknown as Parameters<typeof findBootstrapToken>[0];
};

const failing = (error: Error) =>
  ({ send: () => Promise.reject(error) }) as unknown as Parameters<typeof findBootstrapToken>[0];

describe('the token for the first admin', () => {
  it('is the one of the stage and of no other application, on whatever page it is', async () => {
    await expect(findBootstrapToken(manager(), 'prod')).resolves.toBe('secret of arn:BootstrapToken0B7F262C-3');
    await expect(findBootstrapToken(manager(), 'dev')).resolves.toBe('secret of arn:BootstrapToken0B7F262C-1');
  });

  it('is asked for by the stage', async () => {
    const asked: unknown[] = [];
    const { send } = manager();
    const recording = (command: { input: unknown }) => {
      asked.push(command.input);
      return send(command as never);
    };
    await findBootstrapToken({ send: recording } as never, 'dev');
    expect(asked[0]).toMatchObject({ Filters: [{ Key: 'tag-value', Values: ['dev'] }] });
  });

  it('cannot be found where nothing is deployed, and the user is told how to choose', async () => {
    await expect(findBootstrapToken(manager(), 'test')).rejects.toMatchObject({
      name: 'Refusal',
      message: 'Stage test is not deployed to this AWS account and region.',
      remedy: expect.stringContaining('AWS_PROFILE'),
    });
    await expect(findBootstrapToken(manager('secret', []), 'prod')).rejects.toMatchObject({ name: 'Refusal' });
  });

  it('is not taken from an empty secret', async () => {
    await expect(findBootstrapToken(manager(''), 'prod')).rejects.toThrow('is empty');
  });

  it('needs credentials, and says which rights', async () => {
    const denied = Object.assign(new Error('no'), { name: 'AccessDeniedException' });
    await expect(findBootstrapToken(failing(denied), 'prod')).rejects.toMatchObject({
      name: 'Refusal',
      remedy: expect.stringContaining('secretsmanager:ListSecrets'),
    });
    const away = Object.assign(new Error('no'), { code: 'ECONNREFUSED' });
    await expect(findBootstrapToken(failing(away), 'prod')).rejects.toThrow('Secrets Manager does not answer');
  });
});
