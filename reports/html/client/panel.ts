/** Everything about one case: what is asked, what is expected, what each engine did, why, and how to see it again. */
import type { Result } from '../../../harness/verdict/record.ts';
import { playgroundLink } from '../../playground-link.ts';
import { consoleSnippet, curlOf, originHeard, type RunKind, rerunCommand } from '../../reproduce.ts';
import { cellWord, engineTitle, faultWords, fixOf, outcomeWord } from '../../rows.ts';
import { isUnexpected, STATUSES, statusOf } from '../../status.ts';
import { copyable, h, link, scrollable, sign, withCode } from './dom.ts';
import { comparable, wire } from './wire.ts';

const section = (title: string, ...children: readonly (Node | null)[]): HTMLElement | null =>
  children.every(child => child === null) ? null : h('section', null, h('h3', null, title), ...children);

function observedTable(results: readonly Result[]): HTMLElement {
  // A listed deviation says itself what the engine does.
  const faults = results.map(result =>
    ['fail', 'unlisted'].includes(statusOf(result)) ? faultWords(result) : null,
  );
  const faulty = faults.some(fault => fault !== null);
  const heads = ['Engine', 'Observed', 'Verdict', ...(faulty ? ['Fault'] : [])];
  return h(
    'table.observed',
    null,
    h('thead', null, h('tr', null, ...heads.map(name => h('th', { scope: 'col' }, name)))),
    h(
      'tbody',
      null,
      ...results.map((result, n) => {
        const status = statusOf(result);
        const { deviation, reason } = result;
        return h(
          'tr',
          null,
          h('th', { scope: 'row' }, engineTitle(result.engine)),
          h('td', null, result.observed ? cellWord(result) : '—'),
          h(
            'td',
            null,
            h(
              `span.pill.s-${status}`,
              null,
              sign(`s-${status}`, STATUSES[status].symbol),
              STATUSES[status].word,
            ),
            deviation && status === 'unlisted' ? h('span.why', null, ' (as other builds do:)') : null,
            deviation ? h('span.why', null, ' ', deviation.what, ' ', link(deviation.link, 'source')) : null,
            reason ? h('span.why', null, ` ${reason}`) : null,
          ),
          faulty ? h('td', null, faults[n] ?? '') : null,
        );
      }),
    ),
  );
}

function checksTable(results: readonly Result[]): HTMLElement | null {
  const ids = [...new Set(results.flatMap(result => result.checks.map(check => check.id)))];
  if (ids.length === 0) return null;
  const shown = results.filter(result => result.checks.length > 0);
  const rows = ids.map(id => {
    const checks = shown.map(result => result.checks.find(check => check.id === id));
    const wanted = checks.find(check => check)?.expected ?? '';
    return h(
      'tr',
      null,
      h('th', { scope: 'row' }, id),
      h('td', null, h('code', null, wanted || '(nothing)')),
      ...checks.map(check => {
        if (!check) return h('td.none', null, '');
        const other =
          comparable(check.expected) === comparable(wanted)
            ? null
            : h('span.why', null, ` (expected ${check.expected})`);
        if (check.ok) return h('td.ok', null, sign('s-pass', '✓'), h('span.vh', null, 'as expected'), other);
        return h(
          'td.bad',
          null,
          sign('s-fail', '✗'),
          h('span.vh', null, 'observed '),
          h('code', null, check.observed || '(nothing)'),
          other,
        );
      }),
    );
  });
  return scrollable(
    'Checks',
    h(
      'table.checks',
      null,
      h(
        'thead',
        null,
        h(
          'tr',
          null,
          ...['Check', 'Expected', ...shown.map(result => engineTitle(result.engine))].map(name =>
            h('th', { scope: 'col' }, name),
          ),
        ),
      ),
      h('tbody', null, ...rows),
    ),
  );
}

/** Engines that have the same explanation share it. */
function explanations(results: readonly Result[]): HTMLElement | null {
  const byText = new Map<string, Result[]>();
  for (const result of results) {
    if (result.explanation.length === 0) continue;
    const key = JSON.stringify([result.fault, result.explanation.map(step => comparable(step.text))]);
    byText.set(key, [...(byText.get(key) ?? []), result]);
  }
  if (byText.size === 0) return null;
  return h(
    'div.reasons',
    null,
    ...[...byText.values()].flatMap(group => [
      byText.size > 1 ? h('h4', null, group.map(result => engineTitle(result.engine)).join(', ')) : null,
      h(
        'ol',
        null,
        ...(group[0]?.explanation ?? []).map(step => {
          const fix = fixOf(group[0] ?? {}, step);
          return h(
            'li',
            null,
            step.text,
            step.spec ? h('span', null, ' ', link(step.spec, 'in the Standard')) : null,
            fix === null ? null : h('p.fix', null, h('b', null, 'Fix: '), fix),
          );
        }),
      ),
    ]),
  );
}

function scripts(results: readonly Result[]): HTMLElement | null {
  const seen = results.filter(result => result.observed && result.observed.script.length > 0);
  if (seen.length === 0) return null;
  return h(
    'details',
    null,
    h('summary', null, 'What script in the page was told, word for word'),
    ...seen.map(result =>
      h(
        'div',
        null,
        h('h4', null, engineTitle(result.engine)),
        h(
          'pre',
          null,
          ...(result.observed?.script ?? []).flatMap(report => [
            h('code', null, JSON.stringify(report)),
            '\u0020',
          ]),
        ),
      ),
    ),
  );
}

const isWrong = (result: Result): boolean =>
  isUnexpected(statusOf(result)) || statusOf(result) === 'unlisted';

function reproduce(record: RunKind, results: readonly Result[]): HTMLElement {
  const id = results[0]?.case.id ?? '';
  const wrong = results.filter(isWrong).map(result => result.engine);
  const { exchanges } = results.find(result => result.exchanges.length > 0 && result.engine !== 'model') ?? {
    exchanges: [],
  };
  const preflight = exchanges.find(exchange => exchange.role === 'preflight');
  const first = preflight ?? exchanges[0];
  const snippet = consoleSnippet(exchanges);
  const rerun = rerunCommand(record, id, wrong);
  const origin = originHeard(exchanges);
  return h(
    'div.reproduce',
    null,
    h(
      'p',
      null,
      h('a.playground', { href: playgroundLink(results) }, 'Try it in the playground'),
      ': change the request or the answers, and see what a browser makes of them.',
    ),
    rerun ? copyable(wrong.length > 0 ? 'this case where it is unexpected' : 'this case', rerun) : null,
    first ? copyable(preflight ? 'its preflight, with curl' : 'its request, with curl', curlOf(first)) : null,
    snippet
      ? copyable(`about the same from the console of a page on ${origin ?? 'another origin'}`, snippet)
      : null,
  );
}

/** @param results of one case, one per engine @param headingId for the panel's label */
export function caseDetail(record: RunKind, results: readonly Result[], headingId?: string): HTMLElement {
  const [first] = results;
  if (!first) return h('p', null, 'No such case in this run.');
  const { case: about } = first;
  return h(
    'article.detail',
    null,
    h('h2', headingId ? { id: headingId, tabindex: '-1' } : null, about.title),
    h(
      'p.lead',
      null,
      h('code', null, about.id),
      ` in ${about.suite}, class `,
      h('b', null, about.class),
      '. Expected: ',
      h('b', null, outcomeWord(first.expected)),
      '.',
    ),
    about.because ? h('p.because', null, about.because) : null,
    about.text && about.text.length > 0
      ? h('ol.text', null, ...about.text.map(sentence => h('li', null, ...withCode(sentence))))
      : null,
    h(
      'p.links',
      null,
      ...about.spec.flatMap((address, n) => [
        n === 0 ? 'The Standard: ' : ', ',
        link(address, address.replace(/^.*#/, '#')),
      ]),
      ...(about.links ?? []).flatMap((address, n) => [n === 0 ? '. Also: ' : ', ', link(address)]),
    ),
    section('Observed', scrollable('Observed', observedTable(results))),
    section('Why', explanations(results)),
    section('Checks', checksTable(results)),
    section('On the wire', wire(results)),
    section('In the page', scripts(results)),
    section('See it again', reproduce(record, results)),
  );
}
