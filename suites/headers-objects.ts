/** Headers that script puts into a Headers object first: entries of one name reach fetch() combined. */
import { defineSuite } from '../harness/case/define.ts';
import type { CaseRequest } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import { acah, acao, allowed, answer, type HeaderLine, one } from './helpers.ts';
import { asksFirst, needsNoPreflight } from './safelist-helpers.ts';

const inObject = (...headers: HeaderLine[]): CaseRequest => ({ headers, headersAs: 'object' });

const CONVERSION = { spec: [SPEC.headersClass, SPEC.safelistedRequestHeader] };

export const headersObjects = defineSuite({
  id: 'headers-objects',
  title: 'Headers objects as request headers',
  about:
    'Web IDL turns a Headers object into the pairs that it iterates over: combined, in lower case and sorted.',
  cases: [
    needsNoPreflight({
      id: 'headers-object/safelisted',
      title: 'A safelisted header in a Headers object needs no preflight',
      request: inObject(['Accept', 'text/zz']),
      ...CONVERSION,
    }),
    needsNoPreflight({
      id: 'headers-object/two-accept-short',
      title: 'Two short Accept entries in a Headers object are combined and need no preflight',
      request: inObject(['Accept', 'text/a'], ['Accept', 'text/b']),
      ...CONVERSION,
    }),
    asksFirst({
      id: 'headers-object/two-accept-long',
      title: 'Two Accept entries of 100 bytes in a Headers object are combined and need a preflight',
      request: inObject(['Accept', 'x'.repeat(100)], ['Accept', 'y'.repeat(100)]),
      names: 'accept',
      ...CONVERSION,
    }),
    asksFirst({
      id: 'headers-object/two-content-types',
      title: 'Two safelisted Content-Type entries in a Headers object are combined and need a preflight',
      request: {
        ...inObject(['Content-Type', 'text/plain'], ['Content-Type', 'text/plain']),
        method: 'POST',
        body: { buffer: '{}' },
      },
      names: 'content-type',
      ...CONVERSION,
    }),
    asksFirst({
      id: 'headers-object/repeated-custom',
      title: 'A custom header set twice in a Headers object is combined and listed once',
      request: inObject(['X-B', '1'], ['X-A', '2'], ['x-b', '3']),
      names: 'x-a,x-b',
      ...CONVERSION,
    }),
    needsNoPreflight({
      id: 'headers-object/forbidden',
      title: 'A forbidden header in a Headers object is dropped and needs no preflight',
      request: inObject(['Accept-Encoding', 'x-forged']),
      expect: { requestHeaders: { 'accept-encoding': { lacks: 'x-forged' } } },
      ...CONVERSION,
    }),
    one({
      id: 'headers-object/invalid-value',
      title: 'A Headers object takes no value with a NUL: append() throws, and fetch() is never called',
      spec: [SPEC.headersClass, SPEC.headerValue],
      request: inObject(['X-A', 'a\0b']),
      server: { preflight: answer(acao(), acah('x-a')), actual: allowed },
      expect: { outcome: 'error', error: 'TypeError' },
    }),
  ],
});
