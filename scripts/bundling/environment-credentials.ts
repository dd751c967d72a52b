import type { Plugin } from 'esbuild';

const PACKAGE = '@aws-sdk/credential-provider-node';

const SOURCE = `
import { fromEnv } from '@aws-sdk/credential-provider-env';
/** What every client of the SDK asks for its credentials. */
export const defaultProvider = (init) => async () => {
  try {
    return await fromEnv(init)();
  } catch (cause) {
    throw new Error('no credentials in the environment: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; a bundled function looks nowhere else', { cause });
  }
};
`;

/** In Lambda credentials come from the environment: no bundle holds the SDK's other sources (sso, ini, process, login, token file, http, IMDS). */
export const environmentCredentials: Plugin = {
  name: 'environment-credentials',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: new RegExp(`^${PACKAGE}$`) }, ({ path, resolveDir }) => ({
      path,
      namespace: 'environment-credentials',
      pluginData: resolveDir,
    }));
    onLoad({ filter: /.*/, namespace: 'environment-credentials' }, ({ pluginData }) => ({
      contents: SOURCE,
      resolveDir: pluginData as string,
    }));
  },
};
