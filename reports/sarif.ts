/** SARIF 2.1.0 of what `verify` found, for code scanning. */

import { incompletenessOf } from '../harness/verdict/completeness.ts';
import { type Finding, RANKS } from '../harness/verdict/finding.ts';
import type { RunRecord } from '../harness/verdict/record.ts';
import { safeLink, visibleLines } from './escape.ts';
import { type FindingView, failedAttempts, findingText, findingViews } from './finding-view.ts';
import { groupBy } from './group-by.ts';

export interface SarifOptions {
  /** Where the pages about findings are: an address ending in /, in front of their paths in the package. */
  readonly docs?: string;
}

/** The place of the configuration in a record that does not say it. */
const DEFAULT_CONFIG = 'cors.config.ts';

/**
 * GitHub's scale: over 9 critical, over 7 high, over 4 medium. Only a reader who gets what is not his is a hole; the
 * rest are faults.
 */
const SECURITY_SEVERITY: Readonly<Record<number, string>> = {
  [RANKS.readsWithCredentials]: '9.1',
  [RANKS.reads]: '7.5',
  [RANKS.fails]: '4.0',
  [RANKS.fragile]: '3.1',
  [RANKS.beyond]: '2.0',
  [RANKS.engine]: '1.0',
};

/** For a finding of an older file, which has no rank. */
const BY_SEVERITY = { error: '7.0', warning: '3.1', note: '1.0' } as const;

const severityOf = ({ rank, severity }: Finding): string =>
  (rank === undefined ? undefined : SECURITY_SEVERITY[rank]) ?? BY_SEVERITY[severity];

const text = (value: string): { text: string } => ({ text: visibleLines(value) });

/** A rule's id as words: `origin-reflected` → `Origin reflected`. */
function ruleName(rule: string): string {
  const words = visibleLines(rule).replace(/[-_]+/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The address of a page about a finding; SARIF takes absolute ones only. */
function helpOf({ helpUri, spec }: Finding, docs: string | undefined): string | null {
  if (helpUri !== undefined) {
    const own = safeLink(docs === undefined ? helpUri : docs + helpUri);
    if (own !== null) return own;
  }
  return spec === undefined ? null : safeLink(spec);
}

function rules(record: RunRecord, docs: string | undefined): object[] {
  const titles = new Map(record.checks?.map(({ id, title }) => [id, title]));
  return [...groupBy(record.findings ?? [], ({ rule }) => rule)].flatMap(([id, [first, ...others]]) => {
    if (!first) return [];
    const help = helpOf(first, docs);
    const severities = [first, ...others].map(severityOf).sort();
    return [
      {
        id: visibleLines(id),
        name: ruleName(id).replace(/ (.)/g, (_, letter: string) => letter.toUpperCase()),
        shortDescription: text(titles.get(id) ?? ruleName(id)),
        fullDescription: text(first.explanation),
        help: text([first.explanation, ...(first.fix ? [`Fix: ${first.fix}`] : [])].join('\n')),
        ...(help === null ? {} : { helpUri: help }),
        defaultConfiguration: { level: first.severity },
        properties: {
          tags: ['security', 'cors'],
          precision: 'very-high',
          'security-severity': severities.at(-1),
        },
      },
    ];
  });
}

function result(view: FindingView, file: string): object {
  const { finding } = view;
  return {
    ruleId: visibleLines(finding.rule),
    level: finding.severity,
    message: text(findingText(view).join('\n')),
    locations: [
      {
        physicalLocation: {
          artifactLocation: {
            uri: encodeURI(visibleLines(file).replace(/\\/g, '/')),
            uriBaseId: '%SRCROOT%',
          },
          region: { startLine: 1 },
        },
        logicalLocations: [{ fullyQualifiedName: visibleLines(finding.resource), kind: 'resource' }],
      },
    ],
    partialFingerprints: { 'corsConformance/v1': visibleLines(finding.id) },
    ...(finding.accepted
      ? { suppressions: [{ kind: 'external', justification: 'accepted by the baseline' }] }
      : {}),
    properties: { engines: finding.engines.map(visibleLines), 'security-severity': severityOf(finding) },
  };
}

/** What the tool could not do, so that an empty list is not taken for a clean server. */
function notifications(record: RunRecord): object[] {
  const failed = failedAttempts(record).map(
    ({ engine, reason, attempts }) => `${engine}: ${attempts} without a result: ${reason}`,
  );
  const absent = record.engines.flatMap(({ name, notRun }) =>
    notRun === undefined ? [] : [`${name} did not run: ${notRun}`],
  );
  const incomplete = incompletenessOf(record);
  return [...(incomplete ? [incomplete.sentence] : []), ...failed, ...absent].map(message => ({
    level: 'warning',
    message: text(message),
  }));
}

/** A log with one run; without findings its list of results is empty. */
export function renderSarif(record: RunRecord, { docs }: SarifOptions = {}): string {
  const told = notifications(record);
  const file = record.target.config ?? DEFAULT_CONFIG;
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'cors-conformance',
            version: visibleLines(record.tool.version),
            rules: rules(record, docs),
          },
        },
        invocations: [
          {
            executionSuccessful: failedAttempts(record).length === 0 && !incompletenessOf(record)?.fails,
            startTimeUtc: visibleLines(record.run.started),
            commandLine: visibleLines(record.run.command),
            ...(told.length > 0 ? { toolExecutionNotifications: told } : {}),
          },
        ],
        columnKind: 'utf16CodeUnits',
        results: findingViews(record.findings ?? []).map(view => result(view, file)),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}
