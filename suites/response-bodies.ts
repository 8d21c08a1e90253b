/** Which responses have no body at all: null, and not just empty. */
import { defineSuite } from '../harness/case/define.ts';
import type { Case } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import { acao, allowed, noCors, type OneStep, one, readable } from './helpers.ts';

const read = ({ request, ...details }: Omit<OneStep, 'spec'>): Case =>
  one({ spec: [SPEC.mainFetch, SPEC.nullBodyStatus], request: { reads: 'body', ...request }, ...details });

export const responseBodies = defineSuite({
  id: 'response-bodies',
  title: 'Responses without a body',
  about:
    'The body of a response to HEAD, or with a null body status, is null, and so is that of an opaque one.',
  cases: [
    ...[204, 205].map(status =>
      read({
        id: `response-body-null/${status}`,
        title: `The response's body is null for status ${status}`,
        server: { status, headers: [acao()], body: '' },
        expect: readable({ status, result: 'null' }),
      }),
    ),
    read({
      id: 'response-body-null/304',
      title: "The response's body is null for a 304 to an If-None-Match set by script",
      request: { headers: [['If-None-Match', '"a"']] },
      server: {
        preflight: { headers: [acao(), ['Access-Control-Allow-Headers', 'if-none-match']] },
        actual: { status: 304, headers: [acao()], body: '' },
      },
      expect: readable({ status: 304, result: 'null', preflight: 'sent', actual: 'sent' }),
    }),
    read({
      id: 'response-body-null/head',
      title: "The response's body is null for a HEAD",
      request: { method: 'HEAD' },
      server: allowed,
      expect: readable({ status: 200, result: 'null', wire: ['HEAD'] }),
    }),
    read({
      id: 'response-body-null/opaque',
      title: "The response's body is null for an opaque response",
      request: noCors(),
      server: allowed,
      expect: { outcome: 'opaque', type: 'opaque', result: 'null' },
    }),
    read({
      id: 'response-body-null/opaque-head',
      title: "The response's body is null for an opaque response to HEAD",
      request: { ...noCors(), method: 'HEAD' },
      server: allowed,
      expect: { outcome: 'opaque', type: 'opaque', result: 'null', wire: ['HEAD'] },
    }),
    read({
      id: 'response-body-null/opaque-redirect',
      title: "The response's body is null for an opaque redirect",
      request: { redirect: 'manual' },
      server: { status: 302, headers: [acao(), ['Location', '{url}?next']] },
      expect: { outcome: 'opaque', type: 'opaqueredirect', result: 'null', wire: ['GET'] },
    }),
    read({
      id: 'response-body-null/empty',
      title: "The response's body is a stream for an empty body",
      server: { headers: [acao()], body: '' },
      expect: readable({ status: 200, body: '', result: 'stream' }),
    }),
  ],
});
