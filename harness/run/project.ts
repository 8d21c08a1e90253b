/** What the files of a project tell about its server: its dependencies, the command that starts it, its stack. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stacksOfFiles, stacksOfPackages } from '../stacks/index.ts';
import type { Stack } from '../stacks/types.ts';

export interface Project {
  /** The surest first; empty if nothing is recognised. */
  readonly stacks: readonly Stack[];
  /** A file lists its dependencies. */
  readonly listed?: true;
  /** The command that starts the server, with {port} if it takes one; undefined if nothing tells it. */
  readonly command?: string;
  /** The file that told. */
  readonly source?: string;
}

interface Manifest {
  /** Its name, or what its name ends with. */
  readonly file: string | RegExp;
  /** Names of the dependencies, as the package manager spells them. */
  packages(text: string): readonly string[];
  /** The command that its package manager would start it with. */
  command?(text: string, packages: readonly string[]): string | undefined;
}

const matches = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].flatMap(([, name]) => (name === undefined ? [] : [name]));

const MANIFESTS: readonly Manifest[] = [
  {
    file: 'package.json',
    packages: text => {
      const { dependencies, devDependencies } = json(text);
      return Object.entries({ ...devDependencies, ...dependencies }).flatMap(([name, range]) => {
        const major = /^[\^~>=v\s]*(\d+)/.exec(String(range))?.[1];
        return major === undefined ? [name] : [name, `${name}@${major}`];
      });
    },
    command: text => {
      const { scripts, main } = json(text);
      if (scripts?.start) return 'npm start';
      if (scripts?.dev) return 'npm run dev';
      return main === undefined ? undefined : `node ${main}`;
    },
  },
  {
    file: 'pyproject.toml',
    // Keys of Poetry's tables, and requirements in quotes.
    packages: text =>
      [
        ...matches(text, /^\s*([a-z0-9][\w.-]*)\s*=/gim),
        ...matches(text, /["']([a-z0-9][\w.-]*)\s*(?:\[[\w\s,.-]*\])?\s*(?:[<>=~!@;(][^"']*)?["']/gi),
      ].map(pythonName),
    command: pythonCommand,
  },
  {
    file: 'requirements.txt',
    packages: text => matches(text, /^\s*([a-z0-9][\w.-]*)/gim).map(pythonName),
    command: pythonCommand,
  },
  {
    file: 'go.mod',
    packages: text => matches(text, /^\s*(?:require\s+)?([\w.-]+\.[a-z]+\/\S+)\s+v/gm),
    command: () => 'go run .',
  },
  { file: 'Cargo.toml', packages: text => matches(text, /^\s*([\w-]+)\s*=/gm), command: () => 'cargo run' },
  {
    file: 'pom.xml',
    packages: text => matches(text, /<artifactId>([^<]+)</g),
    command: (_text, packages) =>
      packages.some(name => name.startsWith('quarkus'))
        ? 'mvn -q package quarkus:run -DskipTests -Dquarkus.http.port={port}'
        : 'mvn -q spring-boot:run -Dspring-boot.run.arguments=--server.port={port}',
  },
  {
    file: /^build\.gradle(\.kts)?$/,
    packages: text => matches(text, /['"][\w.-]+:([\w.-]+)(?::[^'"]*)?['"]/g),
    command: (_text, packages) => {
      if (packages.some(name => name.startsWith('quarkus')))
        return './gradlew quarkusRun --jvm-args=-Dquarkus.http.port={port}';
      if (packages.some(name => name.startsWith('spring-boot')))
        return './gradlew bootRun --args=--server.port={port}';
      return undefined;
    },
  },
  {
    file: 'Gemfile',
    packages: text => matches(text, /^\s*gem\s+['"]([^'"]+)/gm),
    command: () => 'bin/rails server -p {port}',
  },
  {
    file: 'composer.json',
    packages: text => Object.keys(json(text).require ?? {}),
    command: () => 'php artisan serve --port={port}',
  },
  {
    file: /\.csproj$/,
    packages: text => matches(text, /(?:<Project Sdk|<PackageReference Include)="([^"/]+)/g),
    command: () => 'dotnet run --urls http://127.0.0.1:{port}',
  },
];

/**
 * @param folder of the project
 * @returns what its files tell; nothing is run
 */
export function readProject(folder: string): Project {
  const names = filesOf(folder);
  for (const manifest of MANIFESTS) {
    const { file } = manifest;
    const source = names.find(name => (typeof file === 'string' ? name === file : file.test(name)));
    if (source === undefined) continue;
    const text = readFileSync(join(folder, source), 'utf8');
    const packages = manifest.packages(text);
    const command = manifest.command?.(text, packages);
    const stacks = stacksOfPackages(packages);
    return {
      ...(stacks.length > 0 ? { stacks, source } : { source, ...imported(folder, names) }),
      listed: true,
      ...(command !== undefined && { command }),
    };
  }
  return imported(folder, names);
}

/** More of them are no small server whose dependencies nobody wrote down. */
const MOST_SOURCES = 20;

/** What is told by the imports of a server in Python, which may well have no manifest; else by a proxy's files. */
function imported(folder: string, names: readonly string[]): Project {
  const sources = names.filter(name => name.endsWith('.py')).slice(0, MOST_SOURCES);
  for (const source of sources) {
    const stacks = stacksOfPackages(packagesImportedBy(join(folder, source)));
    if (stacks.length > 0) return { stacks, source };
  }
  return configured(names);
}

/** The packages that a file imports by name, as its package manager spells them; none if it cannot be read. */
export function packagesImportedBy(file: string): string[] {
  if (!existsSync(file)) return [];
  const text = readFileSync(file, 'utf8');
  if (file.endsWith('.py')) return matches(text, /^\s*(?:from|import)\s+(\w+)/gm).map(pythonName);
  return matches(
    text,
    /\b(?:from|import|require)\s*\(?\s*['"]((?:@[\w.-]+\/)?[\w-][\w.-]*)(?:\/[^'"\n]*)?['"]/g,
  );
}

/** What is told by files that configure a proxy. */
function configured(names: readonly string[]): Project {
  const stacks = stacksOfFiles(names);
  const source = names.find(name => stacks[0]?.marks.files?.includes(name));
  return { stacks, ...(source !== undefined && { source }) };
}

/** Names of the files in a folder; none if there is no such folder. */
function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter(entry => !entry.isDirectory())
      .map(entry => entry.name)
      .sort();
  } catch {
    return [];
  }
}

interface PackageJson {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly require?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly main?: string;
}

/** A manifest that cannot be read tells nothing; its own tool says what is wrong with it. */
function json(text: string): PackageJson {
  try {
    return JSON.parse(text) as PackageJson;
  } catch {
    return {};
  }
}

/** PEP 503: names are compared in lower case, with hyphens. */
const pythonName = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, '-');

function pythonCommand(_text: string, packages: readonly string[]): string | undefined {
  if (packages.includes('django')) return 'python manage.py runserver --noreload {port}';
  if (packages.includes('fastapi') || packages.includes('starlette')) return 'uvicorn main:app --port {port}';
  if (packages.includes('flask')) return 'flask run --port {port}';
  if (packages.includes('litestar')) return 'litestar run --port {port}';
  return undefined;
}
