/** The text of a case for people, made from its data: what is sent, what is answered, what must happen. */
import { expectedRoles } from './expect.ts';
import type { Answer, Case, CaseRequest, Expectation, RequestBody, RequestStep, Resource } from './schema.ts';

const joined = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

const lines = (headers: readonly (readonly [string, string])[]): string =>
  joined(headers.map(([n, v]) => `${n}: ${v}`));

/** Sentences, in the order of the steps. */
export function describeCase(theCase: Case): string[] {
  const many = theCase.steps.filter(step => 'request' in step).length > 1;
  let number = 0;
  return theCase.steps.flatMap(step => {
    if ('wait' in step) return [`Wait ${step.wait / 1000} s.`];
    number++;
    const sentences = [sent(theCase, step), ...answered(step), expected(step.expect)];
    return many ? sentences.map(sentence => `Step ${number}: ${sentence}`) : sentences;
  });
}

function sent(theCase: Case, step: RequestStep): string {
  const { request } = step;
  const realm = step.realm ?? theCase.realm ?? 'page';
  const page = step.page ?? theCase.page ?? 'site';
  const inside = step.frame ? `frame on ${step.frame}` : realm.replaceAll('-', ' ');
  const where = inside === 'page' ? `A page on ${page}` : `A ${inside} of a page on ${page}`;
  const what = `${apiName(request)} ${request.method ?? 'GET'} to ${request.url ?? request.to ?? 'main'}${request.suffix ?? ''}`;
  const details = [
    request.headers?.length
      ? `the header${request.headers.length > 1 ? 's' : ''} ${lines(request.headers)}`
      : '',
    request.body === undefined ? '' : bodyName(request.body),
    ...optionsOf(request),
  ].filter(Boolean);
  return `${where} sends ${what}${details.length > 0 ? ` with ${joined(details)}` : ''}.`;
}

const apiName = (request: CaseRequest): string => {
  const { api = 'fetch' } = request;
  if (api === 'xhr') return request.sync ? 'a synchronous XMLHttpRequest' : 'an XMLHttpRequest';
  return api === 'fetch' ? 'a fetch()' : `a request by ${api}`;
};

function bodyName(body: RequestBody): string {
  if (typeof body === 'string') return `the body "${body.length > 60 ? `${body.slice(0, 60)}…` : body}"`;
  if ('urlencoded' in body) return 'a URLSearchParams body';
  if ('multipart' in body) return 'a FormData body';
  if ('buffer' in body) return 'an ArrayBuffer body';
  if ('blob' in body) return `a Blob body of type "${body.type}"`;
  if ('bytes' in body) return `a body of ${body.bytes} bytes`;
  return 'a ReadableStream body';
}

/** Every other option of the request, as "name value". */
function optionsOf(request: CaseRequest): string[] {
  const told = new Set(['api', 'to', 'url', 'suffix', 'method', 'headers', 'body', 'sync']);
  return Object.entries(request)
    .filter(([key]) => !told.has(key))
    .map(([key, value]) => `${key} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`);
}

function answered(step: RequestStep): string[] {
  const { server } = step;
  if (!server) return [];
  const main: Resource = {
    ...(server.preflight && { preflight: server.preflight }),
    ...(server.actual && { actual: server.actual }),
  };
  const all = Object.entries({ ...(server.preflight || server.actual ? { main } : {}), ...server.resources });
  return all.flatMap(([name, resource]) => {
    const who = name === 'main' ? 'The target' : `${name}${resource.at ? `, on ${resource.at},` : ''}`;
    return (['preflight', 'actual'] as const).flatMap(role => {
      const scripted = resource[role];
      if (!scripted) return [];
      const answers = Array.isArray(scripted) ? scripted : [scripted];
      const told = answers.map(answer => answerName(answer, role)).join(', then ');
      return [`${who} answers the ${role === 'preflight' ? 'preflight' : 'actual request'} with ${told}.`];
    });
  });
}

function answerName(answer: Answer, role: 'preflight' | 'actual'): string {
  if (answer.raw !== undefined) return `the raw bytes ${JSON.stringify(answer.raw)}`;
  if (answer.fault === 'hang' || answer.fault === 'reset')
    return answer.fault === 'hang' ? 'silence' : 'a connection reset';
  const interim = (answer.interim ?? []).map(
    one => `an interim ${one.status}${one.headers ? ` (${lines(one.headers)})` : ''} before `,
  );
  const head = `${interim.join('')}${answer.status ?? (role === 'preflight' ? 204 : 200)}`;
  const headers = answer.headers?.length ? ` (${lines(answer.headers)})` : ', without headers of its own';
  const late = answer.delayMs ? ` after ${answer.delayMs} ms` : '';
  return (
    head +
    headers +
    late +
    (answer.fault ? `, then ${answer.fault === 'hang-in-body' ? 'silence' : 'a reset'} inside the body` : '')
  );
}

function expected(expect: Expectation): string {
  const outcome = {
    readable: 'Script must be able to read the response',
    blocked: `The response must be blocked${expect.blockedAt ? ` at the ${expect.blockedAt}` : ''}`,
    opaque: 'Script must get an opaque response',
    error: `The request must fail${expect.error ? ` with ${expect.error}` : ''}`,
    timeout: 'The request must time out',
  }[expect.outcome];
  const details = [
    expect.status === undefined ? '' : `status ${expect.status}`,
    expect.type ? `type ${expect.type}` : '',
    expect.bodyError ? `a body that ends in ${expect.bodyError}` : '',
    expect.readable ? `${lines(Object.entries(expect.readable))} readable` : '',
    expect.hidden?.length ? `${joined(expect.hidden)} hidden` : '',
    expect.accessControlRequestHeaders === undefined
      ? ''
      : expect.accessControlRequestHeaders === null
        ? 'no Access-Control-Request-Headers'
        : `Access-Control-Request-Headers: ${expect.accessControlRequestHeaders}`,
  ].filter(Boolean);
  return `${outcome}${details.length > 0 ? ` (${details.join('; ')})` : ''}; ${onTheWire(expect)}.`;
}

function onTheWire(expect: Expectation): string {
  if (expect.wire) {
    return expect.wire.length === 0
      ? 'nothing may reach a server'
      : `exactly these requests reach the servers${expect.anyOrder ? ', in any order' : ''}: ${expect.wire.join(', ')}`;
  }
  const { preflight, actual } = expectedRoles(expect);
  const word = (sentOrNot: string, what: string) => (sentOrNot === 'sent' ? `one ${what}` : `no ${what}`);
  return `${word(preflight, 'preflight')} and ${word(actual, 'actual request')} may reach the target`;
}
