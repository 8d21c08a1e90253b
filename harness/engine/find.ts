/** Which engines this machine has. */

import { playwrightRevision, safariDriver, systemBrowser, webKitGtk } from './candidates.ts';
import { fixFor } from './plan.ts';
import { describeBuild, isExecutable, thisSystem } from './system.ts';
import { ENGINES, type EngineName, type FoundEngine } from './types.ts';

export interface FindOptions {
  /** Which to look for; all three where omitted. */
  readonly names?: readonly EngineName[];
  /** Where to look: PATH, PLAYWRIGHT_BROWSERS_PATH, CORS_CONFORMANCE_*. The process's own where omitted. */
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Looks for engines, in this order: a Selenium Grid named by `CORS_CONFORMANCE_GRID_<ENGINE>`, the program named by
 * `CORS_CONFORMANCE_<ENGINE>` (Chromium and Firefox), Playwright's own build, the system's browser. Looks at files
 * only; the driver libraries are loaded when an engine is launched. Never throws.
 */
export function findEngines(options: FindOptions = {}): FoundEngine[] {
  const env = options.env ?? process.env;
  return (options.names ?? ENGINES).map(name => findEngine(name, env));
}

function findEngine(name: EngineName, env: NodeJS.ProcessEnv): FoundEngine {
  return findGrid(name, env) ?? findNamed(name, env) ?? findPlaywright(name, env) ?? findInSystem(name, env);
}

function findGrid(name: EngineName, env: NodeJS.ProcessEnv): FoundEngine | undefined {
  const variable = `CORS_CONFORMANCE_GRID_${name.toUpperCase()}`;
  const url = env[variable];
  if (!url) return undefined;
  if (!URL.canParse(url)) {
    return missing(name, `${variable} is not a URL: ${url}`, `export ${variable}=http://127.0.0.1:4444`);
  }
  const browserName = env[`${variable}_BROWSER`] || undefined;
  return {
    name,
    found: true,
    label: `${browserName ?? 'its browser'} on the WebDriver server ${new URL(url).origin} (${variable})`,
    build: async () => 'known once it runs',
    launch: async launch => (await import('./remote.ts')).launchGrid(name, url, browserName, launch),
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
  fix: string = fixFor(name, thisSystem(), process.getuid?.() === 0),
): FoundEngine {
  return { name, found: false, reason, fix };
}
