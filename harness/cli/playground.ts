/** The verb `playground`: the model of the Standard as one page, to try requests and answers by hand. */
import { basename, dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { playgroundHtml } from '../playground/page.ts';
import { REPORTS } from '../process/reports-folder.ts';
import type { Io } from '../run/io.ts';
import { writeFiles } from '../run/write-files.ts';
import { addOutputOptions, type OutputFlags, printJson } from './output.ts';

export function register(program: Command, io: Io): void {
  addOutputOptions(
    program
      .command('playground')
      .description('write one page, offline: try requests and the answers of servers by hand'),
    { json: '{ file }', quiet: 'where the page is' },
  )
    .option(
      '--out <path>',
      'the folder to write playground.html into, or the file if it ends in .html',
      REPORTS,
    )
    .addHelpText('after', '\nExample: npx cors-conformance playground --out .')
    .action(({ out, ...flags }: OutputFlags & { readonly out: string }) => {
      const path = /\.html?$/.test(out) ? resolve(out) : resolve(out, 'playground.html');
      const [file] = writeFiles(dirname(path), { [basename(path)]: playgroundHtml() });
      const advice =
        'Open it in a browser; it needs no network. Its URL holds what you type: share it as a link.\n';
      if (flags.json) printJson(io, { file });
      else io.stdout.write(`${file}\n${flags.quiet ? '' : advice}`);
    });
}
