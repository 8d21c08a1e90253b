import type { Command } from 'commander';
import { count } from '../../reports/words.ts';
import { suites } from '../../suites/index.ts';
import { caseFileSchema } from '../case/check.ts';
import { didYouMean } from '../case/closest.ts';
import { select } from '../case/select.ts';
import { CliError, EXIT } from '../run/exit.ts';
import type { Io } from '../run/io.ts';
import { commaList } from './flags.ts';
import { addOutputOptions, type OutputFlags, printJson } from './output.ts';

interface ListFlags extends OutputFlags {
  only?: string[];
  skip?: string[];
  schema?: boolean;
  coverage?: boolean;
}

export function register(program: Command, io: Io): void {
  addOutputOptions(program.command('list').description('list the cases'), {
    json: 'the selected suites, each a valid case file; with --coverage every behaviour with its cases',
    quiet: 'how many there are',
  })
    .option('-o, --only <patterns>', 'only these cases', commaList)
    .option('-s, --skip <patterns>', 'all but these cases', commaList)
    .option('--schema', 'print the JSON Schema of case files')
    .option('--coverage', 'print how many of the known CORS behaviours each group covers')
    .addHelpText('after', '\nExample: npx cors-conformance list --only redirects')
    .action(async (flags: ListFlags) => {
      if (flags.schema) printJson(io, caseFileSchema());
      else if (flags.coverage) await printCoverage(flags, io);
      else printSuites(flags, io);
    });
}

async function printCoverage({ json, quiet }: ListFlags, io: Io): Promise<void> {
  const { coverage, coverageTable } = await import('../../suites/coverage.ts');
  if (json) {
    printJson(io, coverage());
    return;
  }
  const lines = coverageTable().split('\n');
  io.stdout.write(`${(quiet ? lines.filter(line => /^All |NOT COVERED$/.test(line)) : lines).join('\n')}\n`);
}

function printSuites(flags: ListFlags, io: Io): void {
  const selected = select(suites, {
    ...(flags.only && { only: flags.only }),
    ...(flags.skip && { skip: flags.skip }),
    slow: true,
  });
  if (selected.length === 0) {
    const ids = suites.flatMap(({ id, cases }) => [
      id,
      ...cases.flatMap(one => [one.id.split('/')[0] as string, one.id]),
    ]);
    const meant = (flags.only ?? []).map(pattern => didYouMean(pattern, ids)).join('');
    throw new CliError(`no case is selected.${meant}`, EXIT.nothingSelected);
  }
  if (flags.json) {
    printJson(io, selected);
    return;
  }
  const lines = selected.flatMap(suite => [
    `${suite.id}: ${suite.title} (${suite.cases.length})`,
    ...suite.cases.map(one => `  ${one.id.padEnd(44)} ${one.title}${one.slow ? ' [slow]' : ''}`),
  ]);
  const cases = selected.reduce((sum, suite) => sum + suite.cases.length, 0);
  const total = `${count(cases, 'case')} in ${count(selected.length, 'suite')}`;
  io.stdout.write(`${[...(flags.quiet ? [] : lines), total].join('\n')}\n`);
}
