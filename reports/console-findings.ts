/** The console's section on a server's faults: what `verify` found, resource by resource. */
import type { RunRecord } from '../harness/verdict/record.ts';
import { visible } from './escape.ts';
import { findingsByResource, SEVERITY_SYMBOLS } from './findings.ts';
import { faultWords } from './rows.ts';
import { count, list } from './summary.ts';
import { type Palette, paragraph } from './terminal.ts';

/** Empty where the run looked for none. */
export function consoleFindings(record: RunRecord, width: number, p: Palette): string[] {
  if (!record.findings) return [];
  const { groups, accepted } = findingsByResource(record.findings);
  const lines = groups.flatMap(({ resource, findings }, index) => [
    ...(index === 0 ? [] : ['']),
    `  ${p.bold(visible(resource))}`,
    ...findings.flatMap(finding => {
      const tint = finding.severity === 'error' ? p.red : finding.severity === 'warning' ? p.yellow : p.dim;
      const from = finding.origin === undefined ? '' : ` for pages on ${visible(finding.origin)}`;
      const add = (label: string, text: string) => paragraph(label.padEnd(9), text, 6, width);
      const fault = faultWords(finding);
      return [
        `    ${tint(`${SEVERITY_SYMBOLS[finding.severity]} ${finding.severity}`)}  ${p.bold(visible(finding.rule))}${from}  ${p.dim('in')} ${list(finding.engines.map(visible))}`,
        ...paragraph('', finding.explanation, 6, width),
        ...finding.evidence.flatMap(item => (item.saw ? add('seen', item.saw) : [])).slice(0, 3),
        ...(fault ? add('fault', fault) : []),
        ...(finding.fix ? add('fix', finding.fix) : []),
        ...(finding.spec ? add('standard', finding.spec) : []),
      ];
    }),
  ]);
  if (groups.length === 0) lines.push('  none: the server does what its policy declares');
  if (accepted > 0) lines.push('', `  ${count(accepted, 'accepted finding')} not shown`);
  return lines;
}
