/** Findings in the order in which they are read: resource by resource, the worst first. */
import type { Evidence, Finding, Severity } from '../harness/verdict/finding.ts';
import { SEVERITIES } from '../harness/verdict/finding.ts';
import type { Result, RunRecord } from '../harness/verdict/record.ts';

export const SEVERITY_SYMBOLS: Readonly<Record<Severity, string>> = { error: '✗', warning: '!', note: 'i' };

export interface ResourceFindings {
  readonly resource: string;
  readonly findings: readonly Finding[];
}

export interface GroupedFindings {
  readonly groups: readonly ResourceFindings[];
  /** How many a baseline accepts; they are in no group. */
  readonly accepted: number;
}

const rank = (finding: Finding): number => SEVERITIES.indexOf(finding.severity);

export function findingsByResource(findings: readonly Finding[]): GroupedFindings {
  const open = findings.filter(finding => !finding.accepted);
  const resources = [...new Set(open.map(finding => finding.resource))];
  const groups = resources.map(resource => ({
    resource,
    findings: open.filter(finding => finding.resource === resource).sort((a, b) => rank(a) - rank(b)),
  }));
  const worst = (group: ResourceFindings): number => Math.min(...group.findings.map(rank));
  return { groups: groups.sort((a, b) => worst(a) - worst(b)), accepted: findings.length - open.length };
}

/** The result that an item of evidence points at, with the bytes. */
export function resultOf(record: RunRecord, evidence: Evidence): Result | undefined {
  return record.results.find(
    result => result.case.id === evidence.case && (!evidence.engine || result.engine === evidence.engine),
  );
}
