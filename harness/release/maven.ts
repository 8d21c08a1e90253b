/** Releases of Maven artifacts. */
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { delimiter, join, relative, sep } from 'node:path';
import { type CommandResult, runCommand } from '../process/command.ts';
import { circumstance } from './circumstances.ts';
import { copyFiles, filesBelow } from './files.ts';
import type { ReleaseFolder } from './folder.ts';
import { projectOf } from './projects.ts';
import { type Installed, type InstallOptions, ReleaseError, type ReleaseSource } from './types.ts';

const BUILD_MS = 15 * 60_000;
/** In the locale C, Java cannot name a folder beyond ASCII. It also makes Maven speak English. */
const LOCALE = { LC_ALL: 'C.UTF-8' } as const;

interface Artifact {
  readonly group: string;
  readonly artifact: string;
}

function artifactOf(name: string): Artifact {
  const [group = '', artifact = ''] = name.split(':');
  return { group, artifact };
}

/**
 * Compiles a program with a release of a Maven artifact, in a copy of its project.
 * @param name "group:artifact"
 * @throws ReleaseError if Maven cannot, or the program does not use the artifact
 */
export async function installMaven(
  name: string,
  source: ReleaseSource,
  { script, others, signal }: InstallOptions,
  { base, temp }: ReleaseFolder,
): Promise<Installed> {
  if (source.kind !== 'registry')
    throw new ReleaseError(
      `Maven takes a version: install the working tree with mvn install, and name its version (1.2.3-SNAPSHOT).`,
    );
  const home = projectOf(script, 'pom.xml');
  if (home === null)
    throw new ReleaseError(`${script} belongs to no pom.xml: make a project of it, with what it needs.`);
  const files = filesBelow(home);
  if (files === null) throw new ReleaseError(`${home} holds more than a server needs.`);
  await copyFiles(files, home, base);
  const pom = readFileSync(join(home, 'pom.xml'), 'utf8');
  const wanted = [[name, source.version] as const, ...others.map(otherVersion)];
  await writeFile(
    join(base, 'pom.xml'),
    wanted.reduce((text, [artifact, version]) => withVersion(text, artifact, version), pom),
  );
  const maven = async (...args: string[]): Promise<string> => {
    const ran = await runCommand(['mvn', '-B', '-q', '-ntp', ...args], {
      cwd: base,
      env: LOCALE,
      limitMs: BUILD_MS,
      signal,
    });
    if (!ran.ok) throw new ReleaseError(`Maven cannot build the script with ${name}: ${mavenTrouble(ran)}`);
    return ran.stdout;
  };
  await maven('compile', 'dependency:build-classpath', `-Dmdep.outputFile=${join(base, 'classpath')}`);
  const classpath = readFileSync(join(base, 'classpath'), 'utf8').trim();
  const dependencies = Object.fromEntries(classpath.split(delimiter).flatMap(coordinatesOf));
  const installed = dependencies[name];
  if (installed === undefined) throw new ReleaseError(`${join(home, 'pom.xml')} does not use ${name}.`);
  const main = relative(join(home, 'src', 'main', 'java'), script)
    .replace(/\.java$/, '')
    .split(sep)
    .join('.');
  return {
    version: installed,
    others: Object.fromEntries(wanted.slice(1)),
    dependencies,
    target: {
      command: [
        'java',
        // Tomcat leaves a folder behind, and Java itself a file.
        `-Djava.io.tmpdir=${temp}`,
        '-XX:-UsePerfData',
        '-cp',
        [join(base, 'target', 'classes'), classpath].join(delimiter),
        '-Dserver.port={port}',
        main,
        '{port}',
      ],
      cwd: '.',
      env: { ...LOCALE, SERVER_PORT: '{port}' },
    },
  };
}

function otherVersion(other: string): readonly [name: string, version: string] {
  const [, name, version] = /^([^:@]+:[^:@]+)[:@](.+)$/.exec(other) ?? [];
  if (name === undefined || version === undefined)
    throw new ReleaseError(`--with ${other}: write GROUP:ARTIFACT@VERSION.`);
  return [name, version];
}

/** The pom.xml with a version for an artifact: where it stands, in the parent, or among those that are managed. */
export function withVersion(pom: string, name: string, version: string): string {
  const { group, artifact } = artifactOf(name);
  const quoted = (text: string) => text.replaceAll('.', '\\.');
  const naming = `\\s*<groupId>\\s*${quoted(group)}\\s*</groupId>\\s*<artifactId>\\s*${quoted(artifact)}\\s*</artifactId>`;
  const stated = new RegExp(`(<(?:dependency|parent)>${naming}\\s*)(?:<version>[^<]*</version>)?`, 'g');
  if (stated.test(pom)) return pom.replace(stated, `$1<version>${version}</version>`);
  const managed = `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;
  const place = /<dependencyManagement>\s*<dependencies>/;
  if (place.test(pom)) return pom.replace(place, whole => whole + managed);
  return pom.replace(
    /<\/project>\s*$/,
    `<dependencyManagement><dependencies>${managed}</dependencies></dependencyManagement></project>\n`,
  );
}

/** "…/repository/org/springframework/spring-web/6.1.0/spring-web-6.1.0.jar" as its coordinates. */
export function coordinatesOf(jar: string): [name: string, version: string][] {
  const parts = jar.split(/[\\/]/);
  const [version = '', artifact = ''] = [parts.at(-2), parts.at(-3)];
  const root = parts.lastIndexOf('repository');
  if (root < 0) return [];
  return [[`${parts.slice(root + 1, -3).join('.')}:${artifact}`, version]];
}

/** How a terminal is told of colours; Maven resets them also where it uses none. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they begin with one
const COLOURS = /\x1b\[[\d;]*m/g;

/** The decisive line of Maven's output. */
export function mavenTrouble({ stdout, stderr }: Pick<CommandResult, 'stdout' | 'stderr'>): string {
  const said = `${stdout}\n${stderr}`.replace(COLOURS, '');
  const line = said
    .split(/\r?\n/)
    .map(one => one.replace(/^\[ERROR\]\s*/, '').trim())
    .find(one =>
      /could not find|could not resolve|compilation failure|error:|invalid|COMPILATION ERROR|failed to/i.test(
        one,
      ),
    );
  // The last link of the chain of artifacts is the one that is missing.
  const chain = (line ?? 'it says nothing').replace(/^.*(Could not (?:find|transfer) artifact )/, '$1');
  const text = chain.replace(/\s*-> \[Help.*$/, '').replace(/\s*\.?\s*$/, '');
  return `${text}.${circumstance(said, 'Maven')}`;
}
