/** The verb `list`: the cases, the schema of case files, the coverage. */
import process from 'node:process';
import type { Command } from 'commander';
import { suites } from '../../suites/index.ts';
import { caseFileSchema } from '../case/define.ts';
import { select } from '../case/select.ts';
import { CliError, EXIT } from './exit.ts';
import { list } from './flags.ts';

interface ListFlags {
  only?: string[];
  skip?: string[];
  json?: boolean;
  schema?: boolean;
  coverage?: boolean;
}

export function register(program: Command): void {
  program
    .command('list')
    .description('list the cases')
    .option('-o, --only <patterns>', 'only these cases', list)
    .option('-s, --skip <patterns>', 'all but these cases', list)
    .option('--json', 'the selected suites as JSON: each is a valid case file')
    .option('--schema', 'print the JSON Schema of case files')
    .option('--coverage', 'print how many of the known CORS behaviours each group covers')
    .addHelpText('after', '\nExample: npx cors-conformance list --only redirects')
    .action(async (flags: ListFlags) => {
      const text = flags.schema
        ? JSON.stringify(caseFileSchema(), null, 2)
        : flags.coverage
          ? (await import('../../suites/coverage.ts')).coverageTable()
          : listing(flags);
      process.stdout.write(`${text}\n`);
    });
}

function listing(flags: ListFlags): string {
  const selected = select(suites, {
    ...(flags.only && { only: flags.only }),
    ...(flags.skip && { skip: flags.skip }),
    slow: true,
  });
  if (selected.length === 0) throw new CliError('no case is selected', EXIT.nothingSelected);
  if (flags.json) return JSON.stringify(selected, null, 2);
  const lines = selected.flatMap(suite => [
    `${suite.id}: ${suite.title} (${suite.cases.length})`,
    ...suite.cases.map(one => `  ${one.id.padEnd(44)} ${one.title}${one.slow ? ' [slow]' : ''}`),
  ]);
  return [
    ...lines,
    `${selected.reduce((sum, suite) => sum + suite.cases.length, 0)} cases in ${selected.length} suites`,
  ].join('\n');
}
