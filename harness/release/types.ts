/** One release of a middleware, installed apart, with the server script that uses it. */
import type { TargetOptions } from '../target/start.ts';

/** Whose registry and package manager a package belongs to. */
export const ECOSYSTEMS = ['npm', 'pypi', 'go', 'cargo', 'maven'] as const;
export type EcosystemName = (typeof ECOSYSTEMS)[number];

/** The package whose releases are compared. */
export interface Package {
  readonly ecosystem: EcosystemName;
  /** As its registry spells it: "cors", "@fastify/cors", "django-cors-headers", "github.com/rs/cors", "tower-http", "group:artifact". */
  readonly name: string;
}

/** Which release: one of a registry, by a version, a range or a tag; or files of this machine. */
export type ReleaseSource =
  | { readonly kind: 'registry'; readonly version: string }
  | { readonly kind: 'archive'; readonly path: string }
  | {
      readonly kind: 'folder';
      readonly folder: string;
      /** Where the same package has installed what it is built with. */
      readonly checkout: string;
      /** True if the folder is a copy of ours, which may be written to. */
      readonly ours: boolean;
    };

export interface InstallOptions {
  /** Absolute path of the server script. */
  readonly script: string;
  /** The name of its app there, if it was named: an export; in Python also a function that makes the app. */
  readonly app?: string | undefined;
  /** The other packages that the script needs, as their package manager takes them: "fastify@4", "flask==2.2.5". */
  readonly others: readonly string[];
  readonly signal?: AbortSignal;
  /** Told in a few words what takes time. */
  readonly onProgress?: (what: string) => void;
  /** Called once something has to be installed that is not in the cache. */
  readonly onInstall?: () => void;
}

/** A release with everything that the server script needs, in a folder of its own. */
export interface Release {
  /** The exact version that was installed, as the package itself says it. */
  readonly version: string;
  /** How people call it: the version, "working tree (2.8.6)", "git:main (abc1234, 2.8.6)". */
  readonly label: string;
  /** What else was installed by name, with exact versions: give these to install() for the other side. */
  readonly others: Readonly<Record<string, string>>;
  /** Every package that was installed, by name, with its version. */
  readonly dependencies: Readonly<Record<string, string>>;
  /** Starts the script on this release; for startTarget(). */
  readonly target: TargetOptions;
  /** The folder that `target` is relative to. */
  readonly base: string;
  /** Removes the folder. Idempotent, never rejects. */
  remove(): Promise<void>;
}

/** The release cannot be had: wrong name or version, no package manager, packages that do not go together. */
export class ReleaseError extends Error {
  override readonly name = 'ReleaseError';
}

/** What an ecosystem's installer finds out and makes. */
export type Installed = Omit<Release, 'remove' | 'base' | 'label'>;
