/** SARIF 2.1.0 of what `verify` found, for code scanning. */
import type { Finding } from '../harness/verdict/finding.ts';
import type { RunRecord } from '../harness/verdict/record.ts';
import { safeLink, visibleLines } from './escape.ts';

export interface SarifOptions {
  /** The file that the findings are attached to, relative to the repository. Default: cors.config.ts */
  readonly file?: string;
}

const text = (value: string): { text: string } => ({ text: visibleLines(value) });

/** A rule's id as a sentence: `origin-reflected` → `Origin reflected`. */
function sentence(rule: string): string {
  const words = visibleLines(rule).replace(/[-_]+/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function rules(findings: readonly Finding[]): object[] {
  const first = new Map<string, Finding>();
  for (const finding of findings) if (!first.has(finding.rule)) first.set(finding.rule, finding);
  return [...first].map(([id, finding]) => {
    const help = finding.spec === undefined ? null : safeLink(finding.spec);
    return {
      id: visibleLines(id),
      shortDescription: text(sentence(id)),
      ...(help === null ? {} : { helpUri: help }),
      defaultConfiguration: { level: finding.severity },
      properties: { tags: ['security', 'cors'] },
    };
  });
}

function result(finding: Finding, file: string): object {
  const from = finding.origin === undefined ? '' : ` for pages on ${finding.origin}`;
  const seen = finding.evidence.flatMap(item =>
    item.saw ? [`${item.engine ? `${item.engine}: ` : ''}${item.saw}`] : [],
  );
  const message = [
    `${finding.resource}${from}: ${finding.explanation}`,
    ...(seen.length > 0 ? [`Seen: ${seen.slice(0, 3).join('; ')}`] : []),
    ...(finding.fix ? [`Fix: ${finding.fix}`] : []),
  ].join('\n');
  return {
    ruleId: visibleLines(finding.rule),
    level: finding.severity,
    message: text(message),
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: encodeURI(file.replace(/\\/g, '/')) },
          region: { startLine: 1 },
        },
        logicalLocations: [{ fullyQualifiedName: visibleLines(finding.resource), kind: 'resource' }],
      },
    ],
    partialFingerprints: { 'corsConformance/v1': visibleLines(finding.id) },
    ...(finding.accepted
      ? { suppressions: [{ kind: 'external', justification: 'accepted by the baseline' }] }
      : {}),
    properties: { engines: finding.engines.map(visibleLines) },
  };
}

/** A log with one run; without findings its list of results is empty. */
export function renderSarif(record: RunRecord, options: SarifOptions = {}): string {
  const findings = record.findings ?? [];
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'cors-conformance',
            version: visibleLines(record.tool.version),
            rules: rules(findings),
          },
        },
        invocations: [
          {
            executionSuccessful: true,
            startTimeUtc: visibleLines(record.run.started),
            commandLine: visibleLines(record.run.command),
          },
        ],
        columnKind: 'utf16CodeUnits',
        results: findings.map(finding => result(finding, options.file ?? 'cors.config.ts')),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}
