/** Finds and loads the configuration of `verify`: an object, a promise of one, or a function that makes either. */

import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { visible } from '../../reports/escape.ts';
import { grouped } from '../case/words.ts';
import { PolicyError, readConfig } from '../policy/config/read.ts';
import type { ParsedConfig } from '../policy/config/schema.ts';
import { isUrl } from '../standard/url.ts';
import { matchesInTime } from '../target/timed-regex.ts';
import { CliError } from './exit.ts';
import { type ForeignOptions, inTime, whatWasThrown } from './foreign-code.ts';
import { parseJson } from './json-text.ts';
import { readTextFile } from './text-file.ts';

/** Looked for in this order where no file is named. */
const CONFIG_NAMES = ['ts', 'mts', 'cts', 'mjs', 'cjs', 'js', 'json'].map(kind => `cors.config.${kind}`);

/** The member of package.json that may hold the configuration. */
const PACKAGE_KEY = 'cors-conformance';

/** Lines of one configuration that are told. */
const MOST_LINES = 20;

export interface LoadedConfig {
  readonly file: string;
  readonly config: ParsedConfig;
  /** One line each. */
  readonly warnings: readonly string[];
}

/** @throws CliError that names file and path */
export async function loadConfig(
  named: string | undefined,
  options: ForeignOptions = {},
): Promise<LoadedConfig> {
  const file = named === undefined ? findConfig() : resolve(named);
  if (file === undefined) {
    throw new CliError(`there is no ${CONFIG_NAMES[0]} here; \`npx cors-conformance init\` writes one`);
  }
  if (!existsSync(file))
    throw new CliError(`${file}: cannot be read; \`npx cors-conformance init\` writes a configuration`);
  const give = async () => readValue(file, await load(file));
  return file.endsWith('.json') ? give() : inTime(file, give, options);
}

/** @throws CliError that names file and path */
function readValue(file: string, { value }: Held): LoadedConfig {
  try {
    requireQuickPatterns(value, file);
    const { config, warnings } = readConfig(value);
    return {
      file,
      config,
      warnings: linesOf(file, warnings),
    };
  } catch (error) {
    if (error instanceof PolicyError) throw new CliError(linesOf(file, error.issues).join('\n'));
    if (error instanceof CliError) throw error;
    // An object of the file's own may do anything when it is looked at.
    throw new CliError(`${file}: cannot be read: ${visible(whatWasThrown(error))}`);
  }
}

/** What is wrong, a line each; of thousands, as a generated configuration may have them, the first ones. */
function linesOf(file: string, issues: PolicyError['issues']): string[] {
  const lines = issues.map(({ path, message }) => `${file}: ${path || 'config'}: ${message}`);
  const more = lines.length - MOST_LINES;
  if (more < 2) return lines;
  return [...lines.slice(0, MOST_LINES), `${file}: and ${grouped(more)} more`];
}

/** @throws CliError for a pattern of origins that takes too long for an example of its own, or for one that is close to it */
function requireQuickPatterns(value: unknown, file: string): void {
  const { policy } = (value ?? {}) as { readonly policy?: { origins?: unknown; resources?: unknown } };
  const holders = [policy, ...(Array.isArray(policy?.resources) ? policy.resources : [])];
  for (const declared of holders.flatMap(holder => holder?.origins ?? []) as Declared[]) {
    const { regex, examples } = declared ?? {};
    if (typeof regex !== 'string' || !isPattern(regex) || !Array.isArray(examples)) continue;
    const texts = examples.filter(one => typeof one === 'string').flatMap(one => [one, `${one}!`]);
    const slow = texts.find(text => matchesInTime(`^(?:${regex})$`, text) === undefined);
    if (slow !== undefined)
      throw new CliError(
        `${file}: policy.origins: /${regex}/ takes more than a second for "${slow}": write it without a repetition inside a repetition. A server that uses it can be kept busy by one request.`,
      );
  }
}

type Declared = { readonly regex?: unknown; readonly examples?: unknown } | null;

function isPattern(source: string): boolean {
  try {
    return new RegExp(source) !== null;
  } catch {
    return false;
  }
}

/**
 * The same policy for another deployment: nothing is started.
 * @throws CliError for what is not an http or https URL
 */
export function withUrl(config: ParsedConfig, url: string): ParsedConfig {
  if (!isUrl(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new CliError(
      `--url: "${url}" is not an http or https URL; write it as https://staging.example.com`,
    );
  const { command: _command, module: _module, publicUrl: _publicUrl, ...target } = config.target;
  const ready = 'log' in target.ready ? { tcp: true as const } : target.ready;
  return { ...config, target: { ...target, url, ready } };
}

/** The configuration of the working folder: a file of its own, or a member of package.json. */
function findConfig(): string | undefined {
  const own = CONFIG_NAMES.map(name => resolve(name)).find(existsSync);
  if (own !== undefined) return own;
  const manifest = resolve('package.json');
  return existsSync(manifest) && PACKAGE_KEY in readJson(manifest) ? manifest : undefined;
}

/** @throws SyntaxError that names line and column */
const readJson = (file: string): Record<string, unknown> =>
  parseJson(readTextFile(file)) as Record<string, unknown>;

/** What a file gives; by itself it could pass for a promise. */
interface Held {
  readonly value: unknown;
}

async function load(file: string): Promise<Held> {
  try {
    if (basename(file) === 'package.json') return { value: readJson(file)[PACKAGE_KEY] };
    if (file.endsWith('.json')) return { value: readJson(file) };
    const module = await importFile(file);
    const value = await unwrap(module.default);
    requireDefault(value, module);
    return { value };
  } catch (error) {
    const why = whatWasThrown(error).replace(`${file}:`, 'line ');
    // Without "type": "module" in package.json it is compiled to CommonJS.
    const advice = /\bTop-level await\b/.test(why) ? '; a file named .mts may have it' : '';
    throw new CliError(`${file}: cannot be loaded: ${visible(why)}${advice}`);
  }
}

type Exports = Readonly<Record<string, unknown>>;

/** @throws Error where the configuration is not the default export */
function requireDefault(value: unknown, module: Exports): void {
  if (isConfiguration(value)) return;
  // Compiled to CommonJS, what a module exports by name is a member of its default export.
  const name = [module, value].flatMap(exportsWithConfiguration)[0];
  if (name !== undefined)
    throw new Error(`it exports the configuration as "${name}": write export default ${name}`);
  if (value === undefined)
    throw new Error('it has no default export: write export default { target: …, policy: … }');
}

const isConfiguration = (value: unknown): boolean =>
  value !== null && typeof value === 'object' && ('target' in value || 'policy' in value);

const exportsWithConfiguration = (value: unknown): string[] =>
  Object.entries((value ?? {}) as Exports).flatMap(([name, one]) => (isConfiguration(one) ? [name] : []));

async function importFile(file: string): Promise<Exports> {
  const url = pathToFileURL(file).href;
  if (!/\.[cm]?ts$/.test(file)) return import(url);
  // Loaded only for TypeScript, which Node 20 does not run.
  const { tsImport } = await import('tsx/esm/api');
  return tsImport(url, import.meta.url);
}

/** More layers than any tool puts around a configuration. */
const MAX_LAYERS = 8;

/**
 * What a file means by its export. Transpiled, or of CommonJS, it stands in a `default`; it may be promised, as by
 * `module.exports = import('./other.mjs')`, or made by a function; and each of these may hold another.
 */
async function unwrap(exported: unknown): Promise<unknown> {
  // A layer at a time: a promise gives what it holds, whatever that is.
  let value = await exported;
  for (let layer = 0; layer < MAX_LAYERS; layer++) {
    if (typeof value === 'function') value = await (value as () => unknown)();
    else if (value !== null && typeof value === 'object' && 'default' in value) value = await value.default;
    else return value;
  }
  return value;
}
