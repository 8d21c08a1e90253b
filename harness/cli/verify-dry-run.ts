/** `verify --dry-run`: every request that would be sent. */
import type { PolicyCheck } from '../policy/checks/check.ts';
import type { ParsedConfig } from '../policy/config/schema.ts';
import { dryRun } from '../policy/dry-run.ts';
import { planFor } from '../policy/plan.ts';
import type { Io } from '../run/io.ts';
import { SlowSteps } from '../run/slow-steps.ts';
import { publicUrlOf } from '../run/verify-run.ts';
import { browserUrlOf } from '../target/address.ts';
import { type OutputFlags, printJson, sayOf } from './output.ts';

/** Lists the requests, and sends none. */
export function printDryRun(
  config: ParsedConfig,
  checks: readonly PolicyCheck[],
  flags: OutputFlags,
  io: Io,
): void {
  const { port, publicUrl } = config.target;
  const url = browserUrlOf(config.target.url ?? 'http://localhost:{port}');
  // A free port is only found when the target is started.
  const asked = url.replace('{port}', String(port ?? 80));
  const plan = planFor(config, publicUrlOf(config, asked));
  const real = url
    .replace('{port}', port === undefined ? '{port}' : String(port))
    .replace(/^(\w+:\/\/[^/]+).*/, '$1');
  const title = `Listing what ${plan.resources.length} resources would be sent …`;
  const lines = new SlowSteps(sayOf(io, flags))
    .take({ title, work: 1 }, tick => dryRun(plan, checks, tick))
    .map(line => line.replaceAll(plan.base, real));
  if (publicUrl !== undefined)
    lines.unshift(`Pages ask ${publicUrl}; their requests are passed on to ${real}.`);
  if (flags.json) printJson(io, { requests: lines });
  else io.stdout.write(`${lines.join('\n')}\n`);
}
