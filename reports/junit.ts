/**
 * JUnit XML as CI systems read it: a wrong result is a `<failure>`, trouble of the harness an `<error>`, what nobody
 * looked at is `<skipped>` with its reason. A known deviation passes, and carries a property that says so.
 */
import type { Finding } from '../harness/verdict/finding.ts';
import type { EngineRecord, Result, RunEngineName, RunRecord } from '../harness/verdict/record.ts';
import { xmlAttribute, xmlText } from './escape.ts';
import { rerunCommand } from './reproduce.ts';
import { engineNames, failedChecks, faultWords, fixOf, provenanceOf, storyOf, suitesOf } from './rows.ts';
import { statusOf } from './status.ts';

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

function endingOf(result: Result): Ending {
  switch (statusOf(result)) {
    case 'fail':
    case 'stale':
      return 'failure';
    case 'harness-error':
    case 'blocked':
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
  const ending = endingOf(result);
  const status = statusOf(result);
  const pairs: [string, string][] = [['status', status]];
  if (result.deviation)
    pairs.push(['deviation', result.deviation.id], ['deviation.link', result.deviation.link]);
  if (status === 'info' || status === 'known') pairs.push(['story', storyOf(result)]);
  let body = properties(pairs, '      ');
  if (ending === 'skipped') body += `      <skipped${attributes({ message: storyOf(result) })}/>\n`;
  else if (ending !== 'passed') {
    const type = status === 'fail' ? 'unexpected-result' : status;
    body += `      <${ending}${attributes({ type, message: storyOf(result) })}>${xmlText(details(record, result))}</${ending}>\n`;
  }
  const seconds = result.durationMs / 1000;
  const name = `${result.case.id} · ${result.case.title}`;
  return { ending, seconds, xml: caseXml(`${suite}.${result.engine}`, name, seconds, body) };
}

function findingCase(finding: Finding): TestCase {
  const failed = finding.severity !== 'note' && !finding.accepted;
  const text = [
    finding.explanation,
    ...finding.evidence.flatMap(item =>
      item.saw ? [`seen${item.engine ? ` in ${item.engine}` : ''}: ${item.saw}`] : [],
    ),
    ...(finding.fix ? [`fix: ${finding.fix}`] : []),
    ...(finding.spec ? [`standard: ${finding.spec}`] : []),
  ].join('\n');
  const pairs: [string, string][] = [
    ['severity', finding.severity],
    ['accepted', String(finding.accepted ?? false)],
    ['engines', finding.engines.join(', ')],
  ];
  const from = finding.origin === undefined ? '' : ` for ${finding.origin}`;
  const body = failed
    ? `      <failure${attributes({ type: finding.rule, message: `${finding.resource}${from}: ${finding.explanation}` })}>${xmlText(text)}</failure>\n`
    : `      <system-out>${xmlText(text)}</system-out>\n`;
  return {
    ending: failed ? 'failure' : 'passed',
    seconds: 0,
    xml: caseXml(
      'findings',
      `${finding.rule} · ${finding.resource}${from}`,
      0,
      properties(pairs, '      ') + body,
    ),
  };
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

function suiteXml(
  record: RunRecord,
  name: string,
  cases: readonly TestCase[],
  about: [string, string][] = [],
): string {
  const { started, host } = record.run;
  const head = attributes({
    name,
    ...countsOf(cases),
    timestamp: started.replace(/\.\d+Z$/, ''),
    hostname: host,
  });
  return `  <testsuite${head}>\n${properties(about, '    ')}${cases.map(item => item.xml).join('')}  </testsuite>\n`;
}

/** One `<testsuite>` per suite and engine, one for findings, one for engines that did not run. */
export function renderJunit(record: RunRecord): string {
  const parts: { name: string; cases: TestCase[]; about?: [string, string][] }[] = [];
  if (record.findings) parts.push({ name: 'findings', cases: record.findings.map(findingCase) });
  const about = (name: RunEngineName): [string, string][] => {
    const engine = record.engines.find(item => item.name === name);
    return engine ? [['engine', `${name} ${provenanceOf(engine).join(' · ')}`]] : [];
  };
  for (const suite of suitesOf(record)) {
    for (const engine of engineNames(record)) {
      const cases = suite.rows
        .flatMap(row => row.results.get(engine) ?? [])
        .map(result => resultCase(record, result, suite.id));
      if (cases.length > 0) parts.push({ name: `${suite.id}.${engine}`, cases, about: about(engine) });
    }
  }
  const missing = record.engines.filter(engine => engine.notRun !== undefined);
  if (missing.length > 0) parts.push({ name: 'engines', cases: missing.map(notRunCase) });
  const all = countsOf(parts.flatMap(part => part.cases));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${attributes({ name: 'cors-conformance', ...all })}>\n${parts
    .map(part => suiteXml(record, part.name, part.cases, part.about))
    .join('')}</testsuites>\n`;
}
