/** The verbs of the command line: what each is for, and where it is. */
import type { Command } from 'commander';
import type { Io } from '../run/io.ts';

/** A module of this folder. */
export interface Verb {
  /** Adds the verb's command. Its action writes to `io` and sets the exit code there. */
  register(program: Command, io: Io): void;
}

export interface VerbEntry {
  /** Its module's description, for a list of verbs that loads none of them. */
  readonly summary: string;
  /** Loads one by one, so that a verb does not pay for the libraries of another. */
  readonly load: () => Promise<Verb>;
}

export const VERBS: Readonly<Record<string, VerbEntry>> = {
  start: {
    summary: 'set up the engines that are missing, then run every suite in every engine',
    load: () => import('./start.ts'),
  },
  run: {
    summary: 'run cases in real engines and judge every result',
    load: () => import('./run.ts'),
  },
  verify: {
    summary: "verify a server's CORS against the policy that its owner declares",
    load: () => import('./verify.ts'),
  },
  explain: {
    summary:
      'explain why a request is allowed or blocked, step by step and in everyday words; no browser needed',
    load: () => import('./explain.ts'),
  },
  list: {
    summary: 'list the cases',
    load: () => import('./list.ts'),
  },
  engines: {
    summary: 'list the browser engines that are here, and the command that gets each missing one',
    load: () => import('./engines.ts'),
  },
  report: {
    summary: 'make a report from a results file, without running anything',
    load: () => import('./report.ts'),
  },
  merge: {
    summary: 'put the results of shards together, and write the reports of the whole',
    load: () => import('./merge.ts'),
  },
  compare: {
    summary: 'compare two results files, case by case and engine by engine',
    load: () => import('./compare.ts'),
  },
  regress: {
    summary: 'compare two releases of a middleware, or any two servers, and show what changed',
    load: () => import('./regress.ts'),
  },
  bisect: {
    summary: 'find the release of a middleware, or of Chromium, that first changed something',
    load: () => import('./bisect.ts'),
  },
  init: {
    summary: 'write a commented configuration for verify: from flags, a running server, an API description',
    load: () => import('./init.ts'),
  },
  audit: {
    summary: 'who may read what at a URL, and what is dangerous about it; needs no policy',
    load: () => import('./audit.ts'),
  },
  configure: {
    summary: 'print the whole configuration that keeps the policy on a stack, ready to paste',
    load: () => import('./configure.ts'),
  },
  gallery: {
    summary: "run every stack's real server with the configuration that `configure` writes (repository only)",
    load: () => import('./gallery.ts'),
  },
  completion: {
    summary: 'print a script with which bash, zsh or fish complete verbs, flags and their values',
    load: async () => {
      const { register } = await import('./completion.ts');
      return { register: (program, io) => register(program, io, VERBS) };
    },
  },
  playground: {
    summary: 'write one page, offline: try requests and the answers of servers by hand',
    load: () => import('./playground.ts'),
  },
};
