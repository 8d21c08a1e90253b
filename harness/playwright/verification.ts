/** A verification inside of a test run. */
import process from 'node:process';
import { readConfig } from '../policy/config/read.ts';
import type { VerifyConfig } from '../policy/config/schema.ts';
import { secretsOf } from '../policy/config/secrets.ts';
import { verifyTarget } from '../run/verify-run.ts';
import { startTarget } from '../target/start.ts';
import type { CheckState, Finding } from '../verdict/finding.ts';
import type { RunEngineName } from '../verdict/record.ts';
import { redactAll } from '../verdict/redact.ts';

/** What became of a policy. */
export interface Verification {
  readonly checks: readonly CheckState[];
  readonly findings: readonly Finding[];
}

/**
 * Starts or meets the server that a configuration names, and verifies it.
 * @throws PolicyError for a wrong configuration; TargetError for a server that cannot be used
 */
export async function verified(
  value: VerifyConfig,
  engines: readonly RunEngineName[],
): Promise<Verification> {
  const { config } = readConfig(value);
  const running = await startTarget(config.target, process.cwd());
  try {
    const { signal } = new AbortController();
    const { checks, findings } = await verifyTarget({ config, running, engines, signal });
    return redactAll({ checks, findings }, secretsOf(config));
  } finally {
    await running.stop();
  }
}

/** A finding as a failure shows it: what is wrong, where, by which bytes, and the fix. */
export function failureText(finding: Finding): string {
  const { headline, rule, resource, explanation, request, answer, fix, spec } = finding;
  return [
    `${headline ?? rule} (${rule})`,
    `  at ${resource}`,
    ...(request
      ? [
          `  > ${request.method} ${request.url}`,
          ...request.headers.map(([name, one]) => `  > ${name}: ${one}`),
        ]
      : []),
    ...(answer ? [`  < ${answer.status}`, ...answer.lines.map(([name, one]) => `  < ${name}: ${one}`)] : []),
    `  ${explanation}`,
    ...(fix ? ['  Fix:', ...fix.split('\n').map(line => `    ${line}`)] : []),
    ...(spec ? [`  ${spec}`] : []),
  ].join('\n');
}
