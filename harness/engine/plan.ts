/** How a missing engine is got: the decision, as a pure function over the facts of a machine. */

import type { EngineName } from './types.ts';

/** The kinds of system that differ in how a browser is installed. */
export type System = 'debian' | 'ubuntu' | 'linux' | 'macos' | 'windows';

/** What the decision rests on. */
export interface Facts {
  readonly system: System;
  /** Runs as root. */
  readonly root: boolean;
  /** sudo works without asking for a password. */
  readonly sudo: boolean;
  /** apt-get is there. */
  readonly apt: boolean;
  /** Playwright's downloads can be reached. */
  readonly downloads: boolean;
  readonly missing: readonly EngineName[];
}

/** One thing to do. Engines that an earlier step has brought are left out of it. */
export interface InstallStep {
  readonly kind: 'playwright' | 'apt';
  readonly engines: readonly EngineName[];
  /** The commands, in order; the last one decides. */
  readonly commands: readonly (readonly string[])[];
  /** Milliseconds for all of them together. */
  readonly limitMs: number;
}

/** What to do, and what remains for people to do where all of it fails. */
export interface InstallPlan {
  readonly steps: readonly InstallStep[];
  readonly byHand: readonly { readonly engine: EngineName; readonly command: string }[];
}

const DOWNLOAD_LIMIT = 10 * 60_000;
const APT_LIMIT = 10 * 60_000;

/** Ubuntu's chromium and firefox packages only stand in for snaps, which neither root in a container nor CI can run. */
const PACKAGES: Record<'debian' | 'ubuntu', Record<EngineName, readonly string[]>> = {
  debian: { chromium: ['chromium'], firefox: ['firefox-esr'], webkit: ['webkit2gtk-driver', 'xvfb'] },
  ubuntu: { chromium: [], firefox: [], webkit: ['webkit2gtk-driver', 'xvfb'] },
};

/**
 * Decides how to get what is missing: first Playwright's own builds, then the system's packages where that needs
 * no password, and for each engine the command to run by hand.
 */
export function planInstall(facts: Facts): InstallPlan {
  const steps: InstallStep[] = [];
  if (facts.missing.length > 0 && facts.downloads) steps.push(playwrightStep(facts));
  const packaged = facts.missing.filter(engine => packagesFor(engine, facts.system).length > 0);
  if (packaged.length > 0 && facts.apt && mayInstall(facts)) steps.push(aptStep(packaged, facts));
  return {
    steps,
    byHand: facts.missing.map(engine => ({
      engine,
      command: installCommandFor(engine, facts.system, facts.root),
    })),
  };
}

/**
 * The same step for fewer engines.
 * @returns undefined when none of its engines is among `missing`
 */
export function narrowStep(step: InstallStep, facts: Facts): InstallStep | undefined {
  const engines = step.engines.filter(engine => facts.missing.includes(engine));
  if (engines.length === 0) return undefined;
  const narrowed = { ...facts, missing: engines };
  return step.kind === 'playwright' ? playwrightStep(narrowed) : aptStep(engines, narrowed);
}

function playwrightStep(facts: Facts): InstallStep {
  // Playwright asks for a password when it installs libraries as an ordinary user; then it does without them.
  const withLibraries = facts.apt && mayInstall(facts) ? ['--with-deps'] : [];
  return {
    kind: 'playwright',
    engines: facts.missing,
    commands: [['npx', 'playwright', 'install', '--no-shell', ...withLibraries, ...facts.missing]],
    limitMs: DOWNLOAD_LIMIT,
  };
}

function aptStep(engines: readonly EngineName[], facts: Facts): InstallStep {
  const sudo = facts.root ? [] : ['sudo', '-n'];
  const packages = engines.flatMap(engine => packagesFor(engine, facts.system));
  return {
    kind: 'apt',
    engines,
    commands: [
      [...sudo, 'apt-get', 'update'],
      [...sudo, 'apt-get', 'install', '-y', '--no-install-recommends', ...packages],
    ],
    limitMs: APT_LIMIT,
  };
}

function mayInstall(facts: Facts): boolean {
  return facts.root || facts.sudo;
}

function packagesFor(engine: EngineName, system: System): readonly string[] {
  return system === 'debian' || system === 'ubuntu' ? PACKAGES[system][engine] : [];
}

/** The exact command that gets an engine on such a system, to be run by hand. */
export function installCommandFor(engine: EngineName, system: System, root: boolean): string {
  const packages = packagesFor(engine, system);
  if (packages.length > 0) return `${root ? '' : 'sudo '}apt-get install -y ${packages.join(' ')}`;
  const libraries = system === 'ubuntu' ? '--with-deps ' : '';
  return `npx playwright install ${libraries}${engine}`;
}
