/** A comparison of two servers for CI systems: JUnit XML, and GitHub's workflow commands. */
import { changeFails, type RegressRecord } from '../harness/regress/record.ts';
import { commandData, commandProperty, xmlAttribute, xmlText } from './escape.ts';
import { type ChangeView, regressionView } from './regression-view.ts';

const details = ({ title, header, why, requests, output, acceptedInPart }: ChangeView): string =>
  [
    title,
    ...(header ? [`${header.place}: ${header.before} → ${header.after}`] : []),
    ...(why === undefined ? [] : [why]),
    ...(acceptedInPart === undefined ? [] : [`accepted ${acceptedInPart}`]),
    ...requests.map(request => `- ${request}`),
    ...output,
  ].join('\n');

/** One test case per change: what fails the comparison is a failure, the rest passes. */
export function renderRegressionJunit(record: RegressRecord): string {
  const view = regressionView(record);
  const changes = view.levels.flatMap(level => level.changes);
  const cases = changes.map(one => {
    const failed = changeFails(one.change, record.failOn);
    const failure = `<failure message="${xmlAttribute(one.meaning || one.title)}">${xmlText(details(one))}</failure>`;
    return { failed, errored: false, xml: testCase(one.change.id, failed ? failure : '') };
  });
  const others = [
    ...record.stale.map(({ id, reason, note }) => ({
      failed: true,
      errored: false,
      xml: testCase(
        `accepted ${id}`,
        `<failure message="no longer happens">${xmlText(note === undefined ? reason : `${reason}: ${note}`)}</failure>`,
      ),
    })),
    ...record.unstable
      .filter(({ counts }) => counts)
      .map(({ title }) => ({
        failed: true,
        errored: false,
        xml: testCase(title, '<failure message="answered inconsistently"/>'),
      })),
    ...record.gaps.map(({ id, text }) => ({
      failed: false,
      errored: true,
      xml: testCase(id, `<error message="${xmlAttribute(text)}"/>`),
    })),
    ...record.unfinished.map(({ title, engine, reason }) => ({
      failed: false,
      errored: true,
      xml: testCase(`${engine}: ${title}`, `<error message="${xmlAttribute(reason)}"/>`),
    })),
  ];
  const all = [...cases, ...others];
  if (all.length === 0) all.push({ failed: false, errored: false, xml: testCase('no change', '') });
  const counts = `tests="${all.length}" failures="${all.filter(({ failed }) => failed).length}" errors="${all.filter(({ errored }) => errored).length}"`;
  const time = (record.run.durationMs / 1000).toFixed(3);
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="cors-conformance regress" ${counts} time="${time}">
<testsuite name="${xmlAttribute(view.title)}" ${counts} time="${time}" timestamp="${xmlAttribute(record.run.started.replace(/Z$/, ''))}">
${all.map(({ xml }) => xml).join('\n')}
</testsuite>
</testsuites>
`;
}

const testCase = (name: string, inner: string): string =>
  `<testcase classname="regress" name="${xmlAttribute(name)}">${inner}</testcase>`;

/** One annotation per change that fails, and one for a comparison that shows nothing. */
export function renderRegressionAnnotations(record: RegressRecord): string {
  const view = regressionView(record);
  const command = (level: 'error' | 'warning', title: string, message: string): string =>
    `::${level} title=${commandProperty(title)}::${commandData(message)}\n`;
  const changes = view.levels
    .flatMap(level => level.changes)
    .filter(({ change }) => changeFails(change, record.failOn))
    .map(one =>
      command(
        one.tone === 'alarm' || one.tone === 'bad' ? 'error' : 'warning',
        `CORS: ${view.title}`,
        [one.meaning, details(one)].filter(Boolean).join('\n'),
      ),
    );
  const stale = view.stale.map(item => command('error', 'CORS: accepted change no longer happens', item));
  const gaps = view.gaps.length > 0 ? [command('warning', `CORS: ${view.title}`, view.sentence)] : [];
  return [...changes, ...stale, ...gaps].join('');
}
