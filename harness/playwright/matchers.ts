/** Matchers for what came of a request. A failure carries the bytes of the exchange, and why it ended so. */
import { expect as base } from '@playwright/test';
import { visible } from '../../reports/escape.ts';
import type { VerifyConfig } from '../policy/config/schema.ts';
import type { CorsObservation } from '../run/page-lab.ts';
import { redactAll, secretsIn } from '../verdict/redact.ts';
import { type Exchange, headerValue } from '../wire/exchange.ts';
import { redactExchange } from '../wire/redact.ts';
import { failureText, verified } from './verification.ts';

interface Matched {
  readonly pass: boolean;
  readonly message: () => string;
}

export const expect = base.extend({
  /** The page may read the response. */
  toBeReadable(seen: CorsObservation): Matched {
    return matched(seen, seen.outcome === 'readable', 'the response to be readable');
  },

  /** CORS keeps the response from the page; `at` says by which message. */
  toBeBlocked(seen: CorsObservation, options: { readonly at?: 'preflight' | 'response' } = {}): Matched {
    const where = options.at === undefined || seen.blockedAt === options.at;
    const at = options.at === undefined ? '' : ` at the ${options.at}`;
    return matched(seen, seen.outcome === 'blocked' && where, `the request to be blocked${at}`);
  },

  /** A preflight went out; `method` and `headers` are what it asked for. */
  toHaveSentPreflight(
    seen: CorsObservation,
    asked: { readonly method?: string; readonly headers?: readonly string[] } = {},
  ): Matched {
    const preflights = seen.exchanges.filter(({ role }) => role === 'preflight');
    const pass = preflights.some(({ request: { headers } }) => {
      const names = (headerValue(headers, 'access-control-request-headers') ?? '')
        .split(',')
        .map(name => name.trim());
      return (
        (asked.method === undefined ||
          headerValue(headers, 'access-control-request-method') === asked.method) &&
        (asked.headers ?? []).every(name => names.includes(name.toLowerCase()))
      );
    });
    const words = [
      asked.method && `for ${asked.method}`,
      asked.headers && `with ${asked.headers.join(', ')}`,
    ];
    return matched(seen, pass, ['a preflight to be sent', ...words.filter(Boolean)].join(' '));
  },

  /** Script can read a header of the response; `value` is what it must see. */
  toExposeHeader(seen: CorsObservation, name: string, value?: string): Matched {
    const { headers = [] } = seen.script;
    const found = headers.filter(([one]) => one.toLowerCase() === name.toLowerCase()).map(([, one]) => one);
    const pass = found.length > 0 && (value === undefined || found.join(', ') === value);
    return matched(seen, pass, `script to see the header ${name}${value === undefined ? '' : `: ${value}`}`);
  },

  /** The server at a URL does what a policy declares, as `verify` checks it, with the model as the browser. */
  async toKeepPolicy(url: string, policy: VerifyConfig['policy']): Promise<Matched> {
    const { findings, checks } = await verified({ target: { url }, policy }, ['model']);
    const untried = checks.filter(({ state }) => state === 'not-tried').length;
    const tried = `${checks.length - untried} checks, ${untried} not tried`;
    return {
      pass: findings.length === 0,
      message: () =>
        findings.length === 0
          ? `expected ${url} not to keep the policy, but it does (${tried})`
          : [`expected ${url} to keep the policy (${tried})`, ...findings.map(failureText)].join('\n\n'),
    };
  },
});

function matched(seen: CorsObservation, pass: boolean, what: string): Matched {
  return { pass, message: () => `expected ${pass ? 'not ' : ''}${what}\n\n${storyOf(seen)}` };
}

/** What happened, as HTTP, and why. Secrets are left out. */
function storyOf(seen: CorsObservation): string {
  const { request, engine, outcome, blockedAt, explanation } = seen;
  const secrets = secretsIn(seen.exchanges);
  const at = blockedAt === undefined ? '' : ` at the ${blockedAt}`;
  const lines = [
    `${request.method ?? 'GET'} ${request.url} from a page on ${request.from}, in ${engine.name} ${engine.version}: ${outcome}${at}`,
    ...seen.exchanges.flatMap(exchange => ['', ...linesOf(redactExchange(exchange))]),
    '',
    ...(seen.exchanges.length === 0 ? ['Nothing reached the server.', ''] : []),
    ...explanation.flatMap(({ text, fix, spec }) => [
      `  ${text}${spec ? ` (${spec})` : ''}`,
      ...(fix ? [`    Fix: ${fix}`] : []),
    ]),
  ];
  return redactAll(lines, secrets).map(visible).join('\n');
}

const linesOf = ({ request, response, note }: Exchange): string[] => [
  `  > ${request.method} ${request.url}`,
  ...request.headers.map(([name, value]) => `  > ${name}: ${value}`),
  ...(response
    ? [
        `  < ${response.status} ${response.reason ?? ''}`.trimEnd(),
        ...response.headers.map(([name, value]) => `  < ${name}: ${value}`),
      ]
    : [`  < no answer${note === undefined ? '' : `: ${note}`}`]),
];
