/** What a request comes to: the exchange as on the wire, the verdict, the steps of the Standard. */
import { h, link } from '../../../reports/html/client/dom.ts';
import { MOVES } from '../../explain/reasons.ts';
import type { TraceStep, WireReply } from '../../standard/types.ts';
import type { SimulatedExchange, SimulatedStep } from '../simulate.ts';

const VERDICTS = {
  readable: ['pass', 'Allowed: script can read the answer'],
  opaque: ['info', 'Allowed, but opaque: script cannot read the answer'],
  blocked: ['bad', 'Blocked by CORS'],
  error: ['bad', 'Failed, and not because of CORS'],
  timeout: ['bad', 'Nothing ever happens'],
} as const;

/** One sentence for screen readers and the heading: what became of the request. */
export function verdictOf({ prediction: { script, notModelled } }: SimulatedStep): string {
  if (notModelled !== undefined) return 'The Standard leaves the outcome open here';
  const where = script.blockedAt === undefined ? '' : ` at the ${script.blockedAt}`;
  return `${VERDICTS[script.outcome][1]}${where}`;
}

export function stepResult(step: SimulatedStep, index: number): HTMLElement {
  const { prediction, explanation, reason, exchanges, problems } = step;
  const tone = prediction.notModelled === undefined ? VERDICTS[prediction.script.outcome][0] : 'info';
  return h(
    'article.result',
    { 'aria-label': `Request ${index + 1}` },
    h(`h3.verdict.${tone}`, null, `${verdictOf(step)}.`),
    ...problems.map(problem => h('p.problem', null, problem)),
    ...(prediction.notModelled === undefined ? [] : [h('p', null, prediction.notModelled)]),
    ...explanation.flatMap(({ text, fix, spec }) => [
      h('p.why', null, text, ...(spec === undefined ? [] : [' ', link(spec, 'the step')])),
      fix === undefined ? null : h('p.fix', null, h('b', null, 'What to change: '), fix),
    ]),
    reason &&
      h(
        'details.everyday',
        null,
        h('summary', null, reason.title),
        h('p', null, `${reason.happened} ${MOVES[reason.move]}`),
        h('p', null, reason.fix),
        h('ul', null, ...reason.misunderstood.map(sentence => h('li', null, sentence))),
      ),
    h('h4', null, `On the wire${exchanges.length === 0 ? ': nothing is sent' : ''}`),
    h('ol.wire', null, ...exchanges.map(exchange)),
    seen(step),
    h(
      'details.steps',
      null,
      h('summary', null, `${prediction.trace.length} steps of the Standard`),
      h('ol', null, ...prediction.trace.map(traceStep)),
    ),
  );
}

/** Headers that are the same in every request tell nothing here. */
const NOISE = /^(?:user-agent|accept)$/i;

function exchange({ send, reply }: SimulatedExchange): HTMLElement {
  const request = [
    `${send.method} ${send.url}`,
    ...send.headers.filter(([name]) => !NOISE.test(name)).map(([name, value]) => `${name}: ${value}`),
    ...(send.credentials ? ['(with cookies, if there are any)'] : []),
  ];
  return h(
    'li',
    null,
    h('b', null, send.role === 'preflight' ? 'Preflight' : 'Request'),
    lines('pre.sent', request),
    lines('pre.received', replyLines(reply)),
  );
}

/** Each text is one line, whatever stands in it. */
const lines = (selector: string, texts: readonly string[]): HTMLElement =>
  h(selector, null, ...texts.map(text => h('span.line', null, text)));

function replyLines(reply: WireReply): string[] {
  if (reply.kind === 'failure') return ['(the connection ends without an answer)'];
  if (reply.kind === 'hang') return ['(nothing ever comes)'];
  return [`${reply.status}`, ...reply.headers.map(([name, value]) => `${name}: ${value}`)];
}

function seen({ prediction: { script } }: SimulatedStep): HTMLElement | null {
  if (script.settled === 'unsettled') return null;
  const facts: string[] =
    script.settled === 'resolved' && script.error === undefined
      ? [
          `type ${script.type ?? '—'}, status ${script.status ?? '—'}`,
          `headers: ${(script.headers ?? []).map(([name]) => name).join(', ') || 'none'}`,
        ]
      : [`${script.error?.name ?? 'an error'}, and nothing more`];
  return h('p.seen', null, h('b', null, 'Script sees '), facts.join('; '), '.');
}

function traceStep({ result, text, section, values }: TraceStep): HTMLElement {
  const compared = Object.entries(values).filter(([, value]) => value !== '');
  return h(
    `li.${result}`,
    null,
    h('span.mark', { title: result }, { pass: '✓ ', stop: '✗ ', note: '· ' }[result]),
    text,
    ' ',
    link(section, 'step'),
    compared.length > 0 &&
      lines(
        'pre',
        compared.map(([name, value]) => `${name}: ${value}`),
      ),
  );
}
