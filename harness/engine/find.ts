/** Which engines this machine has. */
import { join } from 'node:path';
import {
  CHANNELS,
  type ChannelName,
  type DomFamily,
  ENGINE_NAME_HELP,
  isDomFamily,
  parseEngineName,
} from '../case/engine-name.ts';
import { channelProgram, playwrightRevision, safariDriver, systemBrowser, webKitGtk } from './candidates.ts';
import { installCommandFor } from './plan.ts';
import { describeBuild, isExecutable, readText, thisSystem } from './system.ts';
import { ENGINES, type EngineName, type FoundEngine } from './types.ts';

export interface FindOptions {
  /** Which to look for: families or instances; the three families if omitted. */
  readonly names?: readonly string[];
  /** Where to look: PATH, PLAYWRIGHT_BROWSERS_PATH, CORS_CONFORMANCE_*. The process's own where omitted. */
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Looks for engines, in this order: a Selenium Grid named by `CORS_CONFORMANCE_GRID_<ENGINE>` or, for all of them, by
 * `CORS_CONFORMANCE_GRID`; a Playwright server named by `CORS_CONFORMANCE_CONNECT`; the program named by
 * `CORS_CONFORMANCE_<ENGINE>` (Chromium and Firefox), Playwright's own build, the system's browser. Looks at files
 * only; the driver libraries are loaded when an engine is launched. Never throws.
 */
export function findEngines(options: FindOptions = {}): FoundEngine[] {
  const env = options.env ?? process.env;
  return (options.names ?? ENGINES).map(name => findEngine(name, env));
}

/** The URL of a Selenium Grid for every browser; with `_<ENGINE>` behind it, for one. */
export const GRID_VARIABLE = 'CORS_CONFORMANCE_GRID';
/** The URL of a Playwright server for every browser. */
export const CONNECT_VARIABLE = 'CORS_CONFORMANCE_CONNECT';

/** Where releases were installed, by instance: a JSON object that run/engine-instances.ts writes for all processes. */
export const INSTANCES_VARIABLE = 'CORS_CONFORMANCE_INSTANCES';

function findEngine(name: string, env: NodeJS.ProcessEnv): FoundEngine {
  const instance = parseEngineName(name);
  if (instance && isDomFamily(instance.family)) return findDom(instance.family, name, env);
  const family = ENGINES.find(own => own === instance?.family);
  if (!instance || !family)
    return missing('chromium', `"${name}" is not the name of a browser`, ENGINE_NAME_HELP);
  const { release, path, channel } = instance;
  if (family === 'webkit' || !(release ?? path ?? channel)) return findFamily(family, env);
  const found = channel
    ? findChannel(channel, env)
    : findProgram(family, path ?? installedAt(name, env), name);
  return { ...found, name };
}

function findFamily(name: EngineName, env: NodeJS.ProcessEnv): FoundEngine {
  return (
    findRemote(name, env) ?? findNamed(name, env) ?? findPlaywright(name, env) ?? findInSystem(name, env)
  );
}

function installedAt(name: string, env: NodeJS.ProcessEnv): string | undefined {
  return (JSON.parse(env[INSTANCES_VARIABLE] ?? '{}') as Record<string, string>)[name];
}

/** A DOM library where it was installed, or where the user's project has it. */
function findDom(family: DomFamily, name: string, env: NodeJS.ProcessEnv): FoundEngine {
  const folder = installedAt(name, env);
  if (folder === undefined) {
    const fix = `npx cors-conformance engines install ${name}`;
    return { name, family, found: false, reason: `${name} is not installed`, fix };
  }
  const { version } = JSON.parse(readText(join(folder, 'node_modules', family, 'package.json')) || '{}');
  return {
    name,
    family,
    found: true,
    label: `${family} ${version} in ${folder}`,
    build: async () => `${family} ${version}`,
    launch: async launch => (await import('./dom.ts')).launchDom(family, folder, 'npm', launch),
  };
}

/** A program that was named, or a release that was installed. */
function findProgram(
  family: 'chromium' | 'firefox',
  executable: string | undefined,
  name: string,
): FoundEngine {
  if (executable === undefined)
    return missing(family, `${name} is not installed`, `npx cors-conformance engines install ${name}`);
  if (!isExecutable(executable))
    return missing(family, `there is no program ${executable}`, `name another path`);
  return program(family, executable, name.includes('@') ? 'release' : 'custom', executable);
}

function findChannel(channel: ChannelName, env: NodeJS.ProcessEnv): FoundEngine {
  const executable = channelProgram(channel, env);
  if (executable === undefined)
    return missing(
      'chromium',
      `${CHANNELS[channel]} is not installed`,
      `install ${CHANNELS[channel]} from its vendor`,
    );
  return program('chromium', executable, channel, `${executable} (${channel})`);
}

/** @returns null for what is no URL */
function parse(url: string): URL | null {
  try {
    return new URL(url);
  } catch {
    return null;
  }
}

/** A WebDriver server for one engine or for all, or a Playwright server. */
function findRemote(name: EngineName, env: NodeJS.ProcessEnv): FoundEngine | undefined {
  const own = `${GRID_VARIABLE}_${name.toUpperCase()}`;
  const variable = [own, GRID_VARIABLE, CONNECT_VARIABLE].find(one => env[one]);
  if (variable === undefined) return undefined;
  const url = env[variable] as string;
  const parsed = parse(url);
  if (!parsed) {
    const example = variable === CONNECT_VARIABLE ? 'ws://127.0.0.1:3000' : 'http://127.0.0.1:4444';
    return missing(name, `${variable} is not a URL: ${url}`, `export ${variable}=${example}`);
  }
  const found = { name, family: name, found: true, build: async () => 'known once it runs' } as const;
  const { origin, host } = parsed;
  const program = env[`CORS_CONFORMANCE_${name.toUpperCase()}`] || undefined;
  if (variable === CONNECT_VARIABLE) {
    const remote = `the Playwright server ${host}`;
    return {
      ...found,
      remote,
      label: `its ${name} on ${remote} (${variable})`,
      launch: async launch =>
        (await import('./playwright.ts')).connectPlaywright({ name, url, executable: program }, launch),
    };
  }
  const browserName = env[`${own}_BROWSER`] || undefined;
  const remote = `the WebDriver server ${origin}`;
  return {
    ...found,
    remote,
    label: `${browserName ?? 'its browser'} on ${remote} (${variable})`,
    launch: async launch =>
      (await import('./remote.ts')).launchGrid(name, { url, browserName, program }, launch),
  };
}

function findNamed(name: EngineName, env: NodeJS.ProcessEnv): FoundEngine | undefined {
  const variable = `CORS_CONFORMANCE_${name.toUpperCase()}`;
  const executable = env[variable];
  if (!executable || name === 'webkit') return undefined;
  if (!isExecutable(executable)) {
    return missing(name, `${variable} names no program: ${executable}`, `unset ${variable}`);
  }
  return program(name, executable, 'custom', `${executable} (${variable})`);
}

function findPlaywright(name: EngineName, env: NodeJS.ProcessEnv): FoundEngine | undefined {
  const revision = playwrightRevision(name, env);
  if (!revision) return undefined;
  const build = `Playwright build ${revision}`;
  return {
    name,
    family: name,
    found: true,
    label: build,
    build: async () => build,
    launch: async launch =>
      (await import('./playwright.ts')).launchPlaywright(
        { name, from: { revision }, channel: 'playwright' },
        launch,
      ),
  };
}

function findInSystem(name: EngineName, env: NodeJS.ProcessEnv): FoundEngine {
  if (name !== 'webkit') {
    const candidate = systemBrowser(name, env);
    if (!candidate) return missing(name, `no ${name} of Playwright's or of the system's was found`);
    const { executable, channel } = candidate;
    return program(name, executable, channel, `${executable} (system)`);
  }
  const safari = safariDriver();
  if (safari) {
    return {
      name,
      family: name,
      found: true,
      label: `Safari through ${safari}`,
      build: async () => 'known once it runs',
      launch: async launch => (await import('./remote.ts')).launchSafari(safari, launch),
    };
  }
  const programs = webKitGtk(env);
  if (typeof programs === 'string') return missing(name, programs);
  return {
    name,
    family: name,
    found: true,
    label: `${programs.browser} through ${programs.driver} (system)`,
    build: () => describeBuild(programs.browser),
    launch: async launch => (await import('./webkitgtk.ts')).launchWebKitGtk(programs, launch),
  };
}

/** A Chromium or Firefox by its path. */
function program(
  name: 'chromium' | 'firefox',
  executable: string,
  channel: string,
  label: string,
): FoundEngine {
  return {
    name,
    family: name,
    found: true,
    label,
    build: () => describeBuild(executable),
    launch: async launch =>
      name === 'firefox'
        ? (await import('./firefox.ts')).launchFirefox(executable, channel, launch)
        : (await import('./playwright.ts')).launchPlaywright({ name, from: { executable }, channel }, launch),
  };
}

function missing(
  name: EngineName,
  reason: string,
  fix: string = installCommandFor(name, thisSystem(), process.getuid?.() === 0),
): FoundEngine {
  return { name, family: name, found: false, reason, fix };
}
