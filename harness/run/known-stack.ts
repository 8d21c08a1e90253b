/** Which stack answers CORS at a target: named by the configuration, told by dependencies, or guessed from answers. */
import { resolve } from 'node:path';
import type { ParsedConfig } from '../policy/config/schema.ts';
import type { KnownStack } from '../policy/findings/remedies.ts';
import { corsPolicyOf } from '../stacks/cors-policy.ts';
import { requireStack, stacksOfAnswers } from '../stacks/index.ts';
import { knownAs } from '../stacks/known.ts';
import type { Stack } from '../stacks/types.ts';
import { CliError } from './exit.ts';
import { packagesImportedBy, readProject } from './project.ts';
import { provenEntry } from './proven.ts';

type Lines = readonly (readonly [string, string])[];

export interface StackHints {
  /** The folder of the server's project; none for a server that runs elsewhere. */
  readonly folder: string | undefined;
  /** The header lines of its answers. */
  readonly answers: readonly Lines[];
}

/**
 * The stack that a configuration names.
 * @param where it was named, for the error
 * @throws CliError that says which one may have been meant
 */
export function namedStack(name: string, where = 'config: stack'): Stack {
  try {
    return requireStack(name);
  } catch (error) {
    throw new CliError(`${where}: ${(error as Error).message}`);
  }
}

/**
 * @param config whose policy the stack is to keep
 * @throws CliError for a name that no stack has
 */
export function knownStack(config: ParsedConfig, { folder, answers }: StackHints): KnownStack | null {
  const policy = corsPolicyOf(config);
  const known = (stack: Stack, guessed: boolean) =>
    knownAs(stack, policy, { guessed, proven: provenEntry(stack) });
  if (config.stack !== undefined) return known(namedStack(config.stack), false);
  const answering = stacksOfAnswers(answers);
  const { stacks: project, listed } = folder === undefined ? { stacks: [] } : readProject(folder);
  // Of several that a project has, the one that its server begins with, or that answers.
  const imported = new Set(folder === undefined ? [] : entryImports(config.target, folder));
  const stack =
    project.find(({ marks }) => marks.packages.some(name => imported.has(name.replace(/(.)@.*/, '$1')))) ??
    project.find(one => answering.includes(one)) ??
    project[0];
  if (stack) return known(stack, false);
  // A banner names what speaks HTTP, on which any framework runs: one that is no dependency is not guessed from it.
  const guess = answering.find(one => !(listed && isServedByAny(one)));
  return guess ? known(guess, true) : null;
}

/** A library that is known by the server it usually runs on. */
const isServedByAny = ({ marks }: Stack): boolean =>
  marks.packages.length > 0 && marks.headers.every(([name]) => name === 'server');

/** What the file imports that a target is started with. */
function entryImports({ module, command = [] }: ParsedConfig['target'], folder: string): string[] {
  const words = module === undefined ? [command].flat().flatMap(word => word.split(/\s+/)) : [module];
  const entry = words.find(word => /\.(?:[cm]?[jt]s|py)$/.test(word));
  return entry === undefined ? [] : packagesImportedBy(resolve(folder, entry));
}
