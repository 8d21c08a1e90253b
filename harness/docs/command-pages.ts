/** The pages docs/commands/: what `--help` says of each verb, as it says it. */
import { Readable } from 'node:stream';
import { main } from '../cli/main.ts';
import { VERBS } from '../cli/verbs.ts';
import type { Io } from '../run/io.ts';
import { Secrets } from '../wire/secrets.ts';
import type { DocPages } from './pages.ts';

/** Characters of a line of help: pages are as wide as a terminal, whoever makes them. */
const COLUMNS = 100;

/** @returns a page for each verb and their index */
export async function commandPages(): Promise<DocPages> {
  const pages: Record<string, string> = { 'docs/commands/README.md': index() };
  for (const name of Object.keys(VERBS)) pages[`docs/commands/${name}.md`] = page(name, await helpOf(name));
  return pages;
}

async function helpOf(verb: string): Promise<string> {
  let text = '';
  const output = {
    write: (chunk: string) => {
      text += chunk;
    },
    columns: COLUMNS,
  };
  const io: Io = {
    stdout: output,
    stderr: output,
    stdin: Readable.from([]) as NodeJS.ReadStream,
    env: {},
    args: [verb, '--help'],
    secrets: new Secrets(),
    exitCode: 0,
  };
  await main(io.args, io);
  return text.trimEnd();
}

function index(): string {
  return [
    '# Commands',
    '',
    '`npx cors-conformance VERB --help` prints the same.',
    '',
    '| verb | what it does |',
    '| ---- | ------------ |',
    ...Object.entries(VERBS).map(([name, { summary }]) => `| [${name}](${name}.md) | ${summary} |`),
    '',
  ].join('\n');
}

const page = (name: string, help: string): string =>
  [`# ${name}`, '', '```text', help, '```', '', '[All commands](README.md)', ''].join('\n');
