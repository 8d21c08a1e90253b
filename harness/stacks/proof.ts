/** How the gallery runs a stack: what it installs, how it starts, and which changes must be found. */
import type { VerifyConfig } from '../policy/config/schema.ts';

export const PROOF_ECOSYSTEMS = ['npm', 'pypi', 'go', 'crates', 'maven', 'gems', 'debian'] as const;
export type ProofEcosystem = (typeof PROOF_ECOSYSTEMS)[number];

export const POLICY_IDS = ['one-origin', 'list-and-pattern', 'public', 'two-resources'] as const;
export type PolicyId = (typeof POLICY_IDS)[number];

/** What is installed. Each is installed once, in a folder of the cache that its contents name. */
export interface Packages {
  readonly ecosystem: ProofEcosystem;
  /**
   * Exact versions by name, the CORS layer first. For `debian` the value is the command that prints the program's
   * version: it is the one that the system has.
   */
  readonly pins: Readonly<Record<string, string>>;
  /** Files of the skeleton that it is installed by: for `crates` Cargo.toml and Cargo.lock, for `maven` pom.xml. */
  readonly manifests?: readonly string[];
}

/** One deliberate mistake in a configuration. */
export interface Mutation {
  /** What is wrong, in a few words: "the origin is not anchored". */
  readonly mistake: string;
  readonly policy: PolicyId;
  /** The configured file that it is in. */
  readonly file: string;
  /** Text that stands there, and what takes its place. */
  readonly from: string;
  readonly to: string;
  /** The rule that `verify` must find: at least this one. */
  readonly finds: string;
}

/**
 * How a stack is run. `{install}` stands for the folder of its packages, `{port}` for the port, `{folder}` for the
 * folder that its files lie in, with the skeleton's.
 */
export interface Proof {
  readonly packages: Packages;
  /** Run in the folder of its files before it starts, one after the other. */
  readonly build?: readonly (readonly string[])[];
  readonly serve: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds until it is ready; default 30,000. */
  readonly readyMs?: number;
  /** A path that answers 200 once it is ready, for one that accepts connections earlier than that. */
  readonly readyPath?: string;
  readonly mutations: readonly [Mutation, ...Mutation[]];
  /** What the policies say for this stack instead, for one that serves no paths and methods of its own choosing. */
  readonly adapt?: (policy: VerifyConfig['policy'], id: PolicyId) => VerifyConfig['policy'];
  /** The policy that the getting-started configuration is held against. Default: one-origin. */
  readonly gettingStartedPolicy?: PolicyId;
}
