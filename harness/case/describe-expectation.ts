/** What a step must show, in words: to script, to the servers, and in the bytes of the requests. */
import { code, type ExampleStep, filled, joined } from './example.ts';
import { expectedRoles } from './expect.ts';
import { type Expectation, showsResponse } from './schema.ts';

type HeaderExpectations = NonNullable<Expectation['requestHeaders']>;

/** Full sentences, what script sees first. */
export function expectationSentences(at: ExampleStep): string[] {
  const { expect } = at.step;
  return [
    isOnlyResult(at) ? '' : outcomeSentence(expect, at),
    ...responseSentences(expect, at),
    ...wireSentences(expect),
    ...requestSentences(expect, at),
  ].filter(sentence => sentence !== '');
}

/** There is no response that script could read: what the page reports is all. */
const isOnlyResult = ({ step: { request, expect } }: ExampleStep): boolean =>
  !showsResponse(request.api) && expect.outcome === 'readable' && expect.result !== undefined;

function outcomeSentence(expect: Expectation, at: ExampleStep): string {
  const status = [
    expect.status === undefined ? '' : `status ${expect.status}`,
    expect.type ? `type ${code(expect.type)}` : '',
    expect.body === undefined ? '' : `the body ${code(JSON.stringify(filled(expect.body, at)))}`,
  ].filter(part => part !== '');
  const seen = status.length > 0 ? `, with ${joined(status)}` : '';
  switch (expect.outcome) {
    case 'readable':
      return `The browser must let script read the response${seen}.`;
    case 'blocked':
      return expect.blockedAt === 'preflight'
        ? 'The browser must stop after the preflight.'
        : 'The browser must block the response.';
    case 'opaque':
      return `Script must get an opaque response${seen}.`;
    case 'error':
      return `The request must fail${expect.error ? ` with ${code(expect.error)}` : ''}${expect.status === undefined ? '' : ` and status ${expect.status}`}.`;
    case 'timeout':
      return `The request must time out${expect.error ? ` with ${code(expect.error)}` : ''}.`;
  }
}

function responseSentences(expect: Expectation, at: ExampleStep): string[] {
  const readable = Object.entries(expect.readable ?? {}).map(([name, value]) =>
    code(`${name}: ${filled(value, at)}`),
  );
  return [
    readable.length > 0 ? `Script must be able to read ${joined(readable)}.` : '',
    expect.hidden?.length ? `Script must not see ${joined(expect.hidden.map(code), 'or')}.` : '',
    headerNamesSentence(expect),
    expect.url === undefined ? '' : urlSentence(expect.url, at),
    expect.redirected === undefined
      ? ''
      : `The response must ${expect.redirected ? '' : 'not '}be marked as redirected.`,
    expect.bodyError ? `Reading the body must end with ${code(expect.bodyError)}.` : '',
    expect.result === undefined ? '' : `The page must report ${code(expect.result)}.`,
    expect.events ? `The events must be, in this order: ${expect.events.map(code).join(', ')}.` : '',
  ].filter(sentence => sentence !== '');
}

function headerNamesSentence({ allHeaders }: Expectation): string {
  if (!allHeaders) return '';
  return allHeaders.length === 0
    ? 'Script must see no response header.'
    : `The only response headers that script sees must be, in this order: ${allHeaders.map(code).join(', ')}.`;
}

const urlSentence = (url: string, at: ExampleStep): string =>
  url === '' ? 'The response URL must be empty.' : `The response URL must be ${code(filled(url, at))}.`;

/** How many requests arrive, and which. */
function wireSentences(expect: Expectation): string[] {
  if (expect.wire) return [wireList(expect.wire, expect.anyOrder === true)];
  if (expect.anyRequests) return anyRequests(expect);
  const { preflight, actual } = expectedRoles(expect);
  if (actual === 'not sent')
    return [
      preflight === 'sent'
        ? 'The target must receive exactly one preflight and no other request.'
        : 'No server may receive a request.',
    ];
  return [
    preflight === 'sent'
      ? 'The target must receive exactly one preflight, followed by the request.'
      : 'The target must receive exactly one request, without a preflight.',
  ];
}

function anyRequests({ preflight, actual }: Expectation): string[] {
  const says = (sent: 'sent' | 'not sent' | undefined, what: string): string[] =>
    sent === undefined ? [] : [`The target must ${sent === 'sent' ? '' : 'not '}receive ${what}.`];
  return [...says(preflight, 'a preflight'), ...says(actual, 'the request')];
}

function wireList(wire: readonly string[], anyOrder: boolean): string {
  if (wire.length === 0) return 'No server may receive a request.';
  const names = wire.map(requestName);
  if (names.length === 1) return `The servers must receive exactly one request: ${names[0]}.`;
  return `The servers must receive exactly these requests, in ${anyOrder ? 'any' : 'this'} order: ${names.join(', ')}.`;
}

/** "GET hop2 #2" of an expectation as a reader knows it: the second `GET /hop2`. */
function requestName(name: string): string {
  const [method = '', resource = 'main', turn] = name.split(/ #?/);
  const line = code(`${method} /${resource.startsWith('#') ? 'main' : resource}`);
  return turn === undefined ? line : `${line} number ${turn}`;
}

function requestSentences(expect: Expectation, at: ExampleStep): string[] {
  const preflight: HeaderExpectations = {
    ...(expect.accessControlRequestMethod !== undefined && {
      'Access-Control-Request-Method': expect.accessControlRequestMethod,
    }),
    ...(expect.accessControlRequestHeaders !== undefined && {
      'Access-Control-Request-Headers': expect.accessControlRequestHeaders,
    }),
    ...expect.preflightHeaders,
  };
  return [
    ...headerSentences('The preflight', preflight, at),
    ...headerSentences('The request', expect.requestHeaders ?? {}, at),
    ...Object.entries(expect.requestHeadersAt ?? {}).flatMap(([where, headers]) =>
      headerSentences(requestName(where), headers, at),
    ),
    ...(expect.requestHeaderNames ?? []).map(
      name => `The header name ${code(name)} must arrive spelled like that.`,
    ),
    ...Object.entries(expect.requestTargets ?? {}).map(
      ([where, target]) => `${requestName(where)} must be sent for ${code(filled(target, at))}.`,
    ),
    ...(expect.requestBody === undefined
      ? []
      : [`The request must carry the body ${code(JSON.stringify(filled(expect.requestBody, at)))}.`]),
    ...(expect.connections
      ? [
          `The requests must use ${expect.connections === 'same' ? 'the same connection' : 'different connections'}.`,
        ]
      : []),
  ];
}

/** One sentence for what a request carries and one for what it must not. */
function headerSentences(who: string, headers: HeaderExpectations, at: ExampleStep): string[] {
  const carried: string[] = [];
  const absent: string[] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (value === null) absent.push(code(name));
    else if (typeof value === 'string') carried.push(code(`${name}: ${filled(value, at)}`.trimEnd()));
    else if ('lacks' in value) absent.push(`${code(filled(value.lacks, at))} in ${code(name)}`);
    else carried.push(`a ${code(name)} that matches ${code(`/${value.matches}/`)}`);
  }
  return [
    ...(carried.length > 0 ? [`${who} must carry ${joined(carried)}.`] : []),
    ...(absent.length > 0 ? [`${who} must not carry ${joined(absent, 'or')}.`] : []),
  ];
}
