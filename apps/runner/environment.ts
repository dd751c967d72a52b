/** Environment variables, as a process sees them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What agents and the commands of a session may see of the runner's environment: where tools are, language, time zone and
 * network settings. Everything else stays out, above all the runner's own token, the control plane's address and cloud
 * credentials. It guards against mistakes; an agent that runs as the same user can still read that user's files.
 */
const allowed = new Set(
  `PATH USER LOGNAME LANG LANGUAGE TZ TERM TMPDIR CI
   HTTP_PROXY HTTPS_PROXY NO_PROXY http_proxy https_proxy no_proxy SSL_CERT_FILE SSL_CERT_DIR NODE_EXTRA_CA_CERTS REQUESTS_CA_BUNDLE
   JAVA_HOME GOROOT GOPATH CARGO_HOME RUSTUP_HOME PYENV_ROOT NVM_DIR
   npm_config_registry npm_config_cache PIP_INDEX_URL PIP_CACHE_DIR UV_INDEX_URL`.split(/\s+/),
);

const urlWithPassword = /:\/\/[^/\s@]*:[^/\s@]*@/;

/** The reduced environment, with a home folder of its own. A value that carries a password in a URL is left out. */
export function reducedEnvironment(source: Environment, home: string): Record<string, string> {
  const kept = Object.entries(source).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined &&
      (allowed.has(entry[0]) || entry[0].startsWith('LC_')) &&
      !urlWithPassword.test(entry[1]),
  );
  return { ...Object.fromEntries(kept), HOME: home };
}
