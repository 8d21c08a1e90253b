/** Finds and loads the configuration of `verify`. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PolicyError, readConfig } from '../policy/read.ts';
import type { ParsedConfig } from '../policy/schema.ts';
import { CliError } from './exit.ts';

/** Looked for in this order where no file is named. */
export const CONFIG_NAMES = [
  'cors.config.ts',
  'cors.config.mts',
  'cors.config.mjs',
  'cors.config.js',
  'cors.config.json',
];

export interface LoadedConfig {
  readonly file: string;
  readonly config: ParsedConfig;
  /** One line each. */
  readonly warnings: readonly string[];
}

/** @throws CliError that names file and path */
export async function loadConfig(named: string | undefined): Promise<LoadedConfig> {
  const file =
    named === undefined ? CONFIG_NAMES.map(name => resolve(name)).find(existsSync) : resolve(named);
  if (file === undefined) {
    throw new CliError(`there is no ${CONFIG_NAMES[0]} here; \`npx cors-conformance init\` writes one`);
  }
  if (!existsSync(file))
    throw new CliError(`${file}: cannot be read; \`npx cors-conformance init\` writes a configuration`);
  const value = await load(file);
  try {
    const { config, warnings } = readConfig(value);
    return {
      file,
      config,
      warnings: warnings.map(({ path, message }) => `${file}: ${path || 'config'}: ${message}`),
    };
  } catch (error) {
    if (error instanceof PolicyError) {
      throw new CliError(
        error.issues.map(({ path, message }) => `${file}: ${path || 'config'}: ${message}`).join('\n'),
      );
    }
    throw error;
  }
}

async function load(file: string): Promise<unknown> {
  try {
    if (file.endsWith('.json')) return JSON.parse(readFileSync(file, 'utf8'));
    const url = pathToFileURL(file).href;
    // Through tsx also where this program itself runs compiled.
    const { tsImport } = await import('tsx/esm/api');
    const module = (await tsImport(url, import.meta.url)) as { default?: unknown };
    return unwrap(module.default);
  } catch (error) {
    throw new CliError(`${file}: cannot be loaded: ${(error as Error).message.split('\n')[0]}`);
  }
}

/** A default export of a CommonJS file arrives inside another one. */
const unwrap = (value: unknown): unknown =>
  value !== null && typeof value === 'object' && 'default' in value ? value.default : value;
