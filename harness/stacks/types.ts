/** What a stack is: how to recognise it, and the configuration that makes it keep a policy. */
import type { CorsPolicy } from './cors-policy.ts';

/** Whose package manager its packages come from; `cloud` is a service that cannot be run here. */
export const STACK_ECOSYSTEMS = [
  'npm',
  'pypi',
  'go',
  'crates',
  'maven',
  'nuget',
  'gems',
  'composer',
  'proxy',
  'cloud',
] as const;
export type StackEcosystem = (typeof STACK_ECOSYSTEMS)[number];

export type Language =
  | 'js'
  | 'ts'
  | 'python'
  | 'go'
  | 'rust'
  | 'java'
  | 'csharp'
  | 'ruby'
  | 'php'
  | 'nginx'
  | 'apache'
  | 'caddy'
  | 'haproxy'
  | 'lighttpd'
  | 'lua'
  | 'yaml'
  | 'json'
  | 'properties';

/** A file of the configuration, or the lines to paste into one. */
export interface ConfiguredFile {
  /** Where it goes, relative to the project. */
  readonly path: string;
  readonly language: Language;
  /** Ends with a line break. */
  readonly text: string;
}

/** Something that this stack cannot keep of this policy, or keeps in another way than its owner may expect. */
export interface StackNote {
  /** One or two sentences: what is left open, and what it does to pages, caches or other origins. */
  readonly text: string;
  /** What to do about it. */
  readonly workaround?: string;
  /** The rule of the finding that `verify` reports for it; absent if `verify` cannot see it. */
  readonly check?: string;
}

/** The whole configuration of one stack for one policy. */
export interface Configuration {
  readonly files: readonly ConfiguredFile[];
  /** Exactly what `verify` finds on this configuration, and what it cannot see. */
  readonly notes: readonly StackNote[];
}

/** The set-up that a stack's own getting-started page shows, with the policy's origins if that page names any. */
export interface GettingStarted {
  /** The page. */
  readonly source: string;
  files(policy: CorsPolicy): readonly ConfiguredFile[];
}

/** How a stack shows that it answers. */
export interface Marks {
  /**
   * Names of packages among a project's dependencies, of npm also with their major version (`h3@1`); the CORS layer
   * first, then what it is a part of.
   */
  readonly packages: readonly string[];
  /** Packages that it is built on, and that a project may name besides. */
  readonly on?: readonly string[];
  /** Names of files in the root of a project that nothing else has, such as its configuration. */
  readonly files?: readonly string[];
  /** Response headers that hint at it: a name in lower case and what its value matches. A guess: a proxy may hide it. */
  readonly headers: readonly (readonly [name: string, value: RegExp])[];
}

export interface Stack {
  /** Lower-case words joined by hyphens: the name of its file and of its folder in the gallery. */
  readonly id: string;
  /** As its own documentation writes it: "Express with cors". */
  readonly title: string;
  readonly ecosystem: StackEcosystem;
  /** Other names that people give it. */
  readonly aliases?: readonly string[];
  /** The name under which `verify` has this stack's options, if it is none of its own. */
  readonly optionsOf?: string;
  readonly marks: Marks;
  /** Single lines of its configuration use names that only the whole of it defines. */
  readonly onlyWhole?: true;
  /** The documentation of its CORS options. */
  readonly docs: string;
  /**
   * The configuration that keeps a policy.
   * @param policy made by corsPolicyOf
   */
  configure(policy: CorsPolicy): Configuration;
  readonly gettingStarted: GettingStarted;
  /** Why the gallery cannot run it; absent for a stack that has a folder in fixtures/gallery. */
  readonly notProven?: string;
}
