/**
 * The sources that tests import, as JavaScript: compiling them once for all processes takes a tenth of the time in
 * which each process compiles them for itself.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BuildFailure, build, type OutputFile, type Plugin } from 'esbuild';
import { filesReachedFrom } from './files.ts';

/** What stands in the compiled modules where the sources say `import.meta.url`: they are to find what is beside them. */
const SOURCE_URL = '__sourceUrl';

export interface CompiledSources {
  /** The path of the module that a source became; all paths are absolute. */
  readonly compiled: (source: string) => string;
  /** The path of the source that a module came from; any other path as it is. */
  readonly sourceOf: (path: string) => string;
}

/**
 * Compiles `files` and all that they import into `folder`, without checking their types. A file with a mistake in
 * its syntax becomes a module that throws it. Modules that are imported by a computed path stay as they are.
 * @param root the absolute path that `files` are relative to
 * @param folder an absolute path below `root`, so that the packages are found from there
 */
export async function compileSources(
  root: string,
  files: readonly string[],
  folder: string,
): Promise<CompiledSources> {
  const compiled = (source: string) => join(folder, relative(root, source).replace(/\.([cm]?)ts$/, '.$1js'));
  const sources = filesReachedFrom(root, files).filter(file => /\.[cm]?ts$/.test(file));
  const mistakes = new Map<string, string>();
  for (const { path, text } of await transform(root, sources, folder, mistakes)) {
    const source = sourceOf(path);
    write(path, `const ${SOURCE_URL} = ${JSON.stringify(pathToFileURL(source).href)}; ${text}`);
  }
  for (const [source, mistake] of mistakes)
    write(compiled(join(root, source)), `throw new SyntaxError(${JSON.stringify(mistake)});\n`);
  write(join(folder, 'package.json'), '{"type":"module"}\n');
  return { compiled, sourceOf };

  function sourceOf(path: string): string {
    if (!path.startsWith(join(folder, '/'))) return path;
    return join(root, relative(folder, path).replace(/\.([cm]?)js$/, '.$1ts'));
  }
}

/** @param mistakes takes the files that are no TypeScript, each with what is wrong */
async function transform(
  root: string,
  files: readonly string[],
  folder: string,
  mistakes: Map<string, string>,
): Promise<readonly OutputFile[]> {
  try {
    const { outputFiles } = await build({
      absWorkingDir: root,
      entryPoints: files.filter(file => !mistakes.has(file)),
      outbase: root,
      outdir: folder,
      bundle: true,
      plugins: [EACH_BY_ITSELF],
      define: { 'import.meta.url': SOURCE_URL },
      format: 'esm',
      platform: 'node',
      target: 'node20',
      sourcemap: 'inline',
      sourcesContent: false,
      write: false,
      logLevel: 'silent',
    });
    return outputFiles;
  } catch (error) {
    const found = (error as Partial<BuildFailure>).errors ?? [];
    const before = mistakes.size;
    for (const { text, location } of found)
      if (location) mistakes.set(location.file, `${location.file}:${location.line}: ${text}`);
    if (mistakes.size === before) throw error;
    return transform(root, files, folder, mistakes);
  }
}

/** Every import stays an import: of the compiled module where it is relative, of the package otherwise. */
const EACH_BY_ITSELF: Plugin = {
  name: 'each-by-itself',
  setup({ onResolve }) {
    onResolve({ filter: /./ }, ({ kind, path }) => {
      if (kind === 'entry-point') return undefined;
      return { path: path.replace(/^(\..*)\.([cm]?)ts$/, '$1.$2js'), external: true };
    });
  },
};

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
