/**
 * JUnit XML as CI systems read it: a wrong result is a `<failure>`, a failure of the harness an `<error>`, what was not
 * run is `<skipped>` with its reason. A known deviation passes, and carries a property that says so. Only what fails the
 * run is a `<failure>`: neither a warning nor what a baseline accepts, nor what `--unlisted ok` lets pass.
 */

import { type Incompleteness, incompletenessOf } from '../harness/verdict/completeness.ts';
import type { CheckState, Finding } from '../harness/verdict/finding.ts';
import type { EngineRecord, Result, RunEngineName, RunRecord } from '../harness/verdict/record.ts';
import { xmlAttribute, xmlText } from './escape.ts';
import {
  type FindingView,
  failedAttempts,
  failsRun,
  findingText,
  findingView,
  findingViews,
} from './finding-view.ts';
import { rerunCommand } from './reproduce.ts';
import { engineNames, failedChecks, faultWords, fixOf, provenanceOf, storyOf, suitesOf } from './rows.ts';
import { STATUSES, type Status, statusOf } from './status.ts';

type Ending = 'passed' | 'failure' | 'error' | 'skipped';

interface TestCase {
  readonly ending: Ending;
  readonly seconds: number;
  readonly xml: string;
}

const attributes = (pairs: Readonly<Record<string, string | number>>): string =>
  Object.entries(pairs)
    .map(([name, value]) => ` ${name}="${xmlAttribute(String(value))}"`)
    .join('');

function endingOf(record: RunRecord, result: Result): Ending {
  switch (statusOf(result)) {
    case 'unlisted':
      return record.run.unlisted === 'ok' ? 'passed' : 'failure';
    case 'fail':
    case 'found':
    case 'stale':
      return 'failure';
    case 'harness-error':
      return 'error';
    case 'not-applicable':
    case 'not-run':
      return 'skipped';
    case 'known':
    case 'info':
    case 'pass':
      return 'passed';
  }
}

function details(record: RunRecord, result: Result): string {
  const lines = [storyOf(result), ''];
  for (const check of failedChecks(result)) {
    lines.push(`${check.id}`, `  expected: ${check.expected}`, `  observed: ${check.observed}`);
  }
  const fault = faultWords(result);
  if (fault) lines.push(`fault: ${fault}`);
  for (const step of result.explanation) {
    lines.push(`why: ${step.text}${step.spec ? ` ${step.spec}` : ''}`);
    const fix = fixOf(result, step);
    if (fix !== null) lines.push(`fix: ${fix}`);
  }
  for (const link of result.case.spec) lines.push(`standard: ${link}`);
  const rerun = rerunCommand(record, result.case.id, [result.engine]);
  if (rerun !== null) lines.push(`rerun: ${rerun}`);
  return lines.join('\n');
}

/** What failures are called, where that is not their status. */
const TYPES: Partial<Record<Status, string>> = {
  fail: 'unexpected-result',
  unlisted: 'not-listed-for-this-build',
};

function properties(pairs: readonly (readonly [string, string])[], indent: string): string {
  if (pairs.length === 0) return '';
  const lines = pairs.map(([name, value]) => `${indent}  <property${attributes({ name, value })}/>`);
  return `${indent}<properties>\n${lines.join('\n')}\n${indent}</properties>\n`;
}

function caseXml(classname: string, name: string, seconds: number, body: string): string {
  const open = `    <testcase${attributes({ classname, name, time: seconds.toFixed(3) })}`;
  return body === '' ? `${open}/>\n` : `${open}>\n${body}    </testcase>\n`;
}

function resultCase(record: RunRecord, result: Result, suite: string): TestCase {
  const ending = endingOf(record, result);
  const status = statusOf(result);
  const pairs: [string, string][] = [['status', status]];
  if (result.deviation)
    pairs.push(['deviation', result.deviation.id], ['deviation.link', result.deviation.link]);
  if (ending === 'passed' && status !== 'pass') pairs.push(['story', storyOf(result)]);
  let body = properties(pairs, '      ');
  if (ending === 'skipped') body += `      <skipped${attributes({ message: storyOf(result) })}/>\n`;
  else if (ending !== 'passed') {
    const type = TYPES[status] ?? status;
    const message =
      status === 'unlisted' ? `${STATUSES.unlisted.meaning}: ${storyOf(result)}` : storyOf(result);
    body += `      <${ending}${attributes({ type, message })}>${xmlText(details(record, result))}</${ending}>\n`;
  }
  const seconds = result.durationMs / 1000;
  const name = `${result.case.id} · ${result.case.title}`;
  return { ending, seconds, xml: caseXml(`${suite}.${result.engine}`, name, seconds, body) };
}

/** What became of one check of a policy: its findings are told in its test case. */
function checkCase(record: RunRecord, check: CheckState): TestCase {
  const views = findingViews((record.findings ?? []).filter(({ rule }) => rule === check.id));
  const fails = views.some(({ finding }) => failsRun(record, finding));
  const ending: Ending = fails ? 'failure' : isOpen(check, views) ? 'skipped' : 'passed';
  const pairs: [string, string][] = [
    ['state', check.accepted ? 'accepted' : check.state],
    ['severity', check.severity],
    ...check.tried.map(({ engine, attempts }): [string, string] => [`attempts.${engine}`, String(attempts)]),
  ];
  const text = views.map(view => findingText(view).join('\n')).join('\n\n');
  const reason = check.reason ?? (check.state === 'kept' ? '' : check.state.replace('-', ' '));
  const message = views.length > 0 ? views.map(({ headline }) => headline).join('; ') : reason;
  return {
    ending,
    seconds: 0,
    xml: caseXml(
      'checks',
      `${check.id} · ${check.title}`,
      0,
      properties(pairs, '      ') + endingXml(ending, { type: check.id, message, text }),
    ),
  };
}

/** Nothing was concluded, or another check's finding tells it: neither a pass nor one more failure. */
const isOpen = ({ state }: CheckState, views: readonly FindingView[]): boolean =>
  state === 'not-tried' || (state === 'broken' && views.length === 0);

/** A finding of a file that lists no checks. */
function findingCase(record: RunRecord, finding: Finding): TestCase {
  const view = findingView(finding);
  const ending: Ending = failsRun(record, finding) ? 'failure' : 'passed';
  const pairs: [string, string][] = [
    ['severity', finding.severity],
    ['accepted', String(finding.accepted ?? false)],
  ];
  const text = findingText(view).join('\n');
  const body = endingXml(ending, { type: finding.rule, message: view.headline, text });
  return {
    ending,
    seconds: 0,
    xml: caseXml('findings', `${finding.rule} · ${finding.resource}`, 0, properties(pairs, '      ') + body),
  };
}

function endingXml(
  ending: Ending,
  { type, message, text }: { readonly type: string; readonly message: string; readonly text: string },
): string {
  if (ending === 'skipped') return `      <skipped${attributes({ message })}/>\n`;
  if (ending !== 'passed')
    return `      <${ending}${attributes({ type, message })}>${xmlText(text)}</${ending}>\n`;
  return text === '' ? '' : `      <system-out>${xmlText(text)}</system-out>\n`;
}

function failedAttemptCase({
  engine,
  reason,
  attempts,
}: ReturnType<typeof failedAttempts>[number]): TestCase {
  const message = `${attempts} without a result: ${reason}`;
  const body = endingXml('error', { type: 'harness-error', message, text: message });
  return { ending: 'error', seconds: 0, xml: caseXml(`attempts.${engine}`, reason, 0, body) };
}

function staleCase({ what, reason }: NonNullable<RunRecord['stale']>[number]): TestCase {
  const message = `${what} no longer holds: remove it from the baseline`;
  const body = endingXml('failure', { type: 'stale', message, text: `It said: ${reason}` });
  return { ending: 'failure', seconds: 0, xml: caseXml('baseline', what, 0, body) };
}

function verifySuites(record: RunRecord, findings: readonly Finding[]): SuiteCases[] {
  const checks = record.checks ?? [];
  const known = new Set(checks.map(({ id }) => id));
  const loose = findings.filter(({ rule }) => !known.has(rule));
  const failed = failedAttempts(record);
  return [
    { name: 'checks', cases: checks.map(check => checkCase(record, check)) },
    { name: 'findings', cases: loose.map(finding => findingCase(record, finding)) },
    { name: 'attempts', cases: failed.map(failedAttemptCase) },
    { name: 'baseline', cases: (record.stale ?? []).map(staleCase) },
  ].filter(({ name, cases }) => cases.length > 0 || (name === 'findings' && checks.length === 0));
}

function notRunCase(engine: EngineRecord): TestCase {
  const message = `${engine.notRun}${engine.fix ? `; get it with: ${engine.fix}` : ''}`;
  return {
    ending: 'skipped',
    seconds: 0,
    xml: caseXml(
      `engines.${engine.name}`,
      `${engine.name} · not run`,
      0,
      `      <skipped${attributes({ message })}/>\n`,
    ),
  };
}

function countsOf(cases: readonly TestCase[]): Record<string, string | number> {
  const having = (ending: Ending): number => cases.filter(item => item.ending === ending).length;
  return {
    tests: cases.length,
    failures: having('failure'),
    errors: having('error'),
    skipped: having('skipped'),
    time: cases.reduce((sum, item) => sum + item.seconds, 0).toFixed(3),
  };
}

function suiteXml(record: RunRecord, { name, cases, about = [] }: SuiteCases): string {
  const { started, host } = record.run;
  const head = attributes({
    name,
    ...countsOf(cases),
    timestamp: started.replace(/\.\d+Z$/, ''),
    hostname: host,
  });
  return `  <testsuite${head}>\n${properties(about, '    ')}${cases.map(item => item.xml).join('')}  </testsuite>\n`;
}

/** A part says so and passes; what is missing is an error. */
function incompleteCase({ sentence, fails }: Incompleteness): TestCase {
  const ending: Ending = fails ? 'error' : 'passed';
  const body = endingXml(ending, { type: 'incomplete', message: sentence, text: sentence });
  return { ending, seconds: 0, xml: caseXml('run', 'complete', 0, body) };
}

interface SuiteCases {
  readonly name: string;
  readonly cases: TestCase[];
  readonly about?: [string, string][];
}

function runSuites(record: RunRecord): SuiteCases[] {
  const about = (name: RunEngineName): [string, string][] => {
    const engine = record.engines.find(item => item.name === name);
    return engine ? [['engine', `${name} ${provenanceOf(engine).join(' · ')}`]] : [];
  };
  return suitesOf(record).flatMap(suite =>
    engineNames(record).flatMap(engine => {
      const cases = suite.rows
        .flatMap(row => row.results.get(engine) ?? [])
        .map(result => resultCase(record, result, suite.id));
      return cases.length > 0 ? [{ name: `${suite.id}.${engine}`, cases, about: about(engine) }] : [];
    }),
  );
}

/**
 * Under `run` one `<testsuite>` per suite and engine, under `verify` one with a test case per check; and one for engines
 * that did not run.
 */
export function renderJunit(record: RunRecord): string {
  const parts = record.findings ? verifySuites(record, record.findings) : runSuites(record);
  const missing = record.engines.filter(engine => engine.notRun !== undefined);
  if (missing.length > 0) parts.push({ name: 'engines', cases: missing.map(notRunCase) });
  const incomplete = incompletenessOf(record);
  if (incomplete) parts.push({ name: 'run', cases: [incompleteCase(incomplete)] });
  const all = countsOf(parts.flatMap(part => part.cases));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${attributes({ name: 'cors-conformance', ...all })}>\n${parts
    .map(part => suiteXml(record, part))
    .join('')}</testsuites>\n`;
}
