/**
 * The environment that a server under test is started with: what programs need to run at all, what toolchains are
 * found by, and what the configuration says. Whatever else stands in the environment of the harness, a CI's tokens
 * among it, is not passed on.
 */

/** Names, or beginnings of names that end in `*`. */
const NEEDED = [
  // The system.
  ...[
    'PATH',
    'HOME',
    'USER',
    'LOGNAME',
    'SHELL',
    'PWD',
    'TMPDIR',
    'TEMP',
    'TMP',
    'TZ',
    'LANG',
    'LANGUAGE',
    'LC_*',
  ],
  ...['XDG_*', 'LD_LIBRARY_PATH', 'DYLD_*', 'SSL_CERT_FILE', 'SSL_CERT_DIR'],
  // Windows.
  ...['SYSTEMROOT', 'SYSTEMDRIVE', 'WINDIR', 'COMSPEC', 'PATHEXT', 'APPDATA', 'LOCALAPPDATA', 'USERPROFILE'],
  ...['PROGRAMDATA', 'PROGRAMFILES', 'PROGRAMFILES(X86)', 'NUMBER_OF_PROCESSORS', 'PROCESSOR_ARCHITECTURE'],
  // How toolchains are found and told what to do.
  ...[
    'NODE_ENV',
    'NODE_PATH',
    'NODE_OPTIONS',
    'NODE_EXTRA_CA_CERTS',
    'NVM_DIR',
    'VOLTA_HOME',
    'BUN_INSTALL',
    'DENO_DIR',
  ],
  ...['PYTHONPATH', 'PYTHONHOME', 'PYTHONUNBUFFERED', 'VIRTUAL_ENV', 'CONDA_PREFIX', 'PYENV_*', 'UV_*'],
  ...[
    'JAVA_HOME',
    'JDK_HOME',
    'MAVEN_*',
    'M2_HOME',
    'GRADLE_*',
    'DOTNET_*',
    'GOPATH',
    'GOROOT',
    'GOCACHE',
    'GOFLAGS',
  ],
  ...[
    'GOPROXY',
    'GOMODCACHE',
    'CARGO_HOME',
    'RUSTUP_*',
    'GEM_*',
    'BUNDLE_*',
    'RBENV_*',
    'RUBYLIB',
    'RAILS_ENV',
  ],
  ...['COMPOSER_HOME', 'PHP_INI_SCAN_DIR', 'PHPRC', 'MIX_ENV', 'ERL_*'],
] as const;

export interface TargetEnvironment {
  /** Set as they stand. */
  readonly env: Readonly<Record<string, string>>;
  /** Further names to pass on; `*` at the end stands for any rest, alone for everything. */
  readonly passEnv?: readonly string[] | undefined;
}

/** @param own the environment that is chosen from */
export function targetEnvironment(
  { env, passEnv = [] }: TargetEnvironment,
  own: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  const passes = matcherOf([...NEEDED, ...passEnv]);
  const chosen: Record<string, string> = {};
  for (const [name, value] of Object.entries(own)) {
    if (value !== undefined && passes(name)) chosen[name] = value;
  }
  return { ...chosen, ...env };
}

function matcherOf(patterns: readonly string[]): (name: string) => boolean {
  const fold = (name: string) => (process.platform === 'win32' ? name.toUpperCase() : name);
  const exact = new Set(patterns.filter(pattern => !pattern.endsWith('*')).map(fold));
  const beginnings = patterns.filter(pattern => pattern.endsWith('*')).map(p => fold(p.slice(0, -1)));
  return name => exact.has(fold(name)) || beginnings.some(beginning => fold(name).startsWith(beginning));
}
