/** What a preflight's answer must say: the origin, the method, the headers, and credentials where they are meant. */
import { defineSuite } from '../harness/case/define.ts';
import type { Answer, Case, CaseRequest } from '../harness/case/schema.ts';
import { withXhr } from './apis.ts';
import { acac, acah, acam, acao, answer, one, PUT, preflighted, refused, spec } from './helpers.ts';

const withHeaders = (...names: string[]): CaseRequest => ({ headers: names.map(name => [name, '1']) });
const X_A = withHeaders('X-A');

const decided = (
  ok: boolean,
  id: string,
  title: string,
  request: CaseRequest,
  preflight: Answer,
  link: string = spec.preflightFetch,
): Case =>
  one(
    id,
    title,
    [spec.preflightFetch, ...(link === spec.preflightFetch ? [] : [link])],
    request,
    { preflight, actual: answer(acao(), acac()) },
    ok ? preflighted({ status: 200 }) : refused({ wire: ['OPTIONS'] }),
  );
const passes = (
  id: string,
  title: string,
  request: CaseRequest,
  ...headers: Parameters<typeof answer>
): Case => decided(true, id, title, request, answer(...headers));
const fails = (
  id: string,
  title: string,
  request: CaseRequest,
  ...headers: Parameters<typeof answer>
): Case => decided(false, id, title, request, answer(...headers));

/** Lists that are no list of tokens: the rest of the list does not save them. `T` stands for the wanted token. */
const BAD_LISTS: [id: string, list: string, what: string][] = [
  ['at-sign', 'T, b@d', 'a name with an at sign beside it'],
  ['quoted', '"T"', 'quotation marks around it'],
  ['space-separated', 'T DELETE', 'a space for a comma'],
  ['parameter', 'T;q=1', 'a parameter after it'],
  ['colon', 'T:1', 'a colon after it'],
  ['vertical-tab', 'T\x0b', 'a vertical tab after it'],
  ['form-feed', 'T, \x0c', 'a form feed beside it'],
  ['nonascii', 'T, \xe9', 'a byte from 0x80 on beside it'],
];

const EMPTY_MEMBERS: [id: string, list: string][] = [
  ['leading', ',,T'],
  ['doubled', 'T,,DELETE'],
  ['trailing', 'T , ,'],
  ['around', ', y,T, ,,,'],
];

export const preflightMethods = defineSuite({
  id: 'preflight-methods',
  title: 'Access-Control-Allow-Origin and -Methods on a preflight answer',
  about:
    'A preflight answer must pass the CORS check, list well-formed methods, and list the one that is meant.',
  cases: [
    ...withXhr(
      fails(
        'preflight-acao-required',
        'A preflight answer without Access-Control-Allow-Origin stops the request',
        PUT,
        acam('PUT'),
      ),
    ),
    ...withXhr(fails('preflight-acam-missing', 'A PUT that no method list allows is stopped', PUT, acao())),
    ...withXhr(
      passes(
        'preflight-acam-missing-safelisted',
        'A POST needs no method list',
        { method: 'POST', headers: [['X-A', '1']] },
        acao(),
        acah('x-a'),
      ),
    ),
    fails(
      'preflight-acam-case',
      'A method is listed in its own case: "put" does not allow PUT',
      PUT,
      acao(),
      acam('put'),
    ),
    ...EMPTY_MEMBERS.map(([id, list]) =>
      passes(
        `preflight-acam-empty-members/${id}`,
        `A method list may have empty members, as in "${list.replace('T', 'PUT')}"`,
        PUT,
        acao(),
        acam(list.replace('T', 'PUT')),
      ),
    ),
    fails('preflight-acam-empty-value', 'An empty method list allows no PUT', PUT, acao(), acam('')),
    ...BAD_LISTS.map(([id, list, what]) =>
      fails(
        `preflight-acam-bad-token/${id}`,
        `A method list with PUT and ${what} is void and stops the request`,
        PUT,
        acao(),
        acam(list.replace('T', 'PUT')),
      ),
    ),
    ...withXhr(
      fails(
        'preflight-acam-bad-though-unneeded',
        'A malformed method list stops even a GET that needs none',
        X_A,
        acao(),
        acah('x-a'),
        acam('b@d'),
      ),
    ),
    passes(
      'preflight-acam-two-lines/second',
      'Two lines of methods make one list',
      PUT,
      acao(),
      acam('X'),
      acam('PUT'),
    ),
    fails(
      'preflight-acam-two-lines/bad-second',
      'Of two lines of methods, a malformed second one stops the request',
      PUT,
      acao(),
      acam('PUT'),
      acam('b@d'),
    ),
    fails('preflight-allow-header-irrelevant', 'Allow is not Access-Control-Allow-Methods', PUT, acao(), [
      'Allow',
      'PUT',
    ]),
    fails(
      'preflight-acac-needed/missing',
      'With credentials, the preflight answer must allow them',
      { ...PUT, credentials: 'include' },
      acao(),
      acam('PUT'),
    ),
    passes(
      'preflight-acac-needed/given',
      'With credentials, a preflight answer that allows them lets the request pass',
      { ...PUT, credentials: 'include' },
      acao(),
      acac(),
      acam('PUT'),
    ),
    passes(
      'preflight-acac-not-needed-without-creds',
      'Without credentials, the preflight answer need not speak of them',
      { ...PUT, credentials: 'same-origin' },
      acao(),
      acam('PUT'),
    ),
    passes(
      'preflight-acam-lists-cached-not-checked-for-safelisted',
      'A POST that is preflighted for its upload listener need not be in the method list',
      { api: 'xhr', method: 'POST', uploadListener: 'before-send', body: 'hello' },
      acao(),
      acam('PUT'),
    ),
  ],
});

export const preflightHeaders = defineSuite({
  id: 'preflight-headers',
  title: 'Access-Control-Allow-Headers on a preflight answer',
  about:
    'Every header that is not safelisted must be listed, in whatever case, and the list must be well-formed.',
  cases: [
    ...withXhr(
      fails(
        'preflight-acah-missing',
        'A custom header that no header list allows stops the request',
        X_A,
        acao(),
      ),
    ),
    passes('preflight-acah-case', 'A header is listed in any case', withHeaders('x-A'), acao(), acah('X-a')),
    ...withXhr(
      fails(
        'preflight-acah-partial',
        'Every custom header must be listed',
        withHeaders('X-A', 'X-B'),
        acao(),
        acah('x-a'),
      ),
    ),
    passes(
      'preflight-acah-superset',
      'More headers may be listed than are asked for',
      X_A,
      acao(),
      acah('x-b, x-a, x-c'),
    ),
    ...EMPTY_MEMBERS.map(([id, list]) =>
      passes(
        `preflight-acah-empty-members/${id}`,
        `A header list may have empty members, as in "${list.replace('T', 'x-a')}"`,
        X_A,
        acao(),
        acah(list.replace('T', 'x-a')),
      ),
    ),
    ...BAD_LISTS.map(([id, list, what]) =>
      fails(
        `preflight-acah-bad-token/${id}`,
        `A header list with x-a and ${what} is void and stops the request`,
        X_A,
        acao(),
        acah(list.replace('T', 'x-a')),
      ),
    ),
    ...withXhr(
      fails(
        'preflight-acah-bad-though-unneeded',
        'A malformed header list stops even a PUT that needs none',
        PUT,
        acao(),
        acam('PUT'),
        acah('b@d'),
      ),
    ),
    passes(
      'preflight-acah-safelisted-not-needed',
      'Safelisted headers need not be listed beside a custom one',
      {
        method: 'POST',
        headers: [
          ['X-A', '1'],
          ['Accept', 'text/zz'],
          ['Accept-Language', 'en'],
          ['Content-Language', 'en'],
          ['Content-Type', 'text/plain'],
        ],
        body: { buffer: 'hello' },
      },
      acao(),
      acah('x-a'),
    ),
    ...withXhr(
      fails(
        'preflight-acah-unsafe-value-needs-listing/content-type',
        'Content-Type must be listed where its value is not safelisted',
        { method: 'POST', headers: [['Content-Type', 'application/json']], body: { buffer: '{}' } },
        acao(),
        acah('x-a'),
      ),
    ),
    fails(
      'preflight-acah-unsafe-value-needs-listing/accept',
      'Accept must be listed where its value is not safelisted',
      { headers: [['Accept', 'a"b']] },
      acao(),
      acah('x-a'),
    ),
  ],
});
