/** The flags that say what two servers are asked, for `regress` and `bisect` alike. */
import type { Command } from 'commander';
import { PROXIED_ENGINE_HELP } from '../case/engine-name.ts';
import { REPORTS } from '../process/reports-folder.ts';
import { commaList } from './flags.ts';

export interface PlanFlags {
  readonly with?: string[];
  readonly withFrom?: string[];
  readonly withTo?: string[];
  readonly origin?: string[];
  readonly path?: string[];
  readonly header?: string[];
  readonly only?: string[];
  readonly engine?: string[];
  readonly out?: string;
}

/** Adds them. */
export function addPlanOptions(command: Command): Command {
  return command
    .option(
      '-w, --with <packages>',
      'other packages, by comma: fastify@4,express (default: as the script needs them)',
      commaList,
    )
    .option('--with-from <packages>', 'the same for the earlier side only: fastify@4', commaList)
    .option('--with-to <packages>', 'the same for the later side only: fastify@5', commaList)
    .option(
      '--origin <origins>',
      'origins that the server allows, by comma (default: those it names)',
      commaList,
    )
    .option(
      '--path <paths>',
      'paths to ask for, by comma (default: those that it names and answers)',
      commaList,
    )
    .option('--header <names>', 'request headers that pages set, by comma (default: x-a)', commaList)
    .option(
      '--only <patterns>',
      "only these requests, by comma: 'put*'; --dry-run lists their ids",
      commaList,
    )
    .option(
      '-e, --engine <names>',
      `which engines, by comma: ${PROXIED_ENGINE_HELP} (default: the three browsers; the model always runs)`,
      commaList,
    )
    .option('--out <dir>', `the folder for results (default: ${REPORTS})`);
}
