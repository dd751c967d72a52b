import { fileURLToPath } from 'node:url';
import { RunFailure } from '#apps/runner/run-failure';

const scpStyle = /^[A-Za-z0-9_.-]+@[A-Za-z0-9.-]+:[^\s:]\S*$/;
const schemes = new Set(['https:', 'ssh:', 'git:', 'file:']);

/** What git is given to reach a repository. Throws REPOSITORY_REFUSED for credentials in the URL, other schemes, and `file:` unless allowed. */
export function remoteOf(repositoryUrl: string, allowsFileRepositories: boolean): string {
  if (scpStyle.test(repositoryUrl)) return repositoryUrl;
  const url = URL.parse(repositoryUrl);
  if (!url || !schemes.has(url.protocol))
    throw refused('the repository address must be an https, ssh, git or file URL');
  // a user name is part of an ssh address; anywhere else it is a credential
  if (url.password !== '' || (url.username !== '' && url.protocol !== 'ssh:')) {
    throw refused(
      'the repository URL carries credentials; give them to git on the runner machine instead (a credential helper or an ssh key)',
    );
  }
  if (url.protocol !== 'file:') return repositoryUrl;
  if (!allowsFileRepositories)
    throw refused('this runner does not accept file: repositories; start it with --allow-file-repos');
  if (url.host !== '') throw refused('a file: repository URL has no host, like file:///home/me/project');
  return fileURLToPath(url);
}

/** A repository that no further attempt will get. */
export const refused = (message: string, options?: ErrorOptions): RunFailure =>
  new RunFailure(message, { code: 'REPOSITORY_REFUSED', retryable: false, ...options });
