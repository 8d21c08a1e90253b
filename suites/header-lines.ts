/** Several lines of one response header, as script reads them: one value, joined by a comma and a space. */
import { defineSuite } from '../harness/case/define.ts';
import { SPEC } from '../harness/standard/spec.ts';
import { inBothApis } from './api-helpers.ts';
import { acao, aceh, answer, one, readable } from './helpers.ts';

/** Names of headers of which engines keep a list: of authentication, of requests, of single values. */
const NAMES = [
  'WWW-Authenticate',
  'Proxy-Authenticate',
  'Strict-Transport-Security',
  'From',
  'User-Agent',
  'Referer',
  'Authorization',
  'If-Modified-Since',
  'Max-Forwards',
  'Host',
  'ETag',
  'Age',
  'X-Anything',
];

export const headerLines = defineSuite({
  id: 'header-lines',
  title: 'Response headers of several lines',
  about: 'Whatever the header, several lines of it are one value for script.',
  cases: [
    ...NAMES.flatMap(name =>
      inBothApis(
        one({
          id: `header-lines-combined/${name.toLowerCase()}`,
          title: `Two exposed ${name} lines are combined by a comma and a space`,
          spec: [SPEC.getHeader, SPEC.corsFilter],
          server: answer(acao(), aceh(name), [name, '1'], [name, '2']),
          expect: readable({ readable: { [name.toLowerCase()]: '1, 2' } }),
        }),
      ),
    ),
    one({
      id: 'header-lines-combined/content-length',
      title: 'Two equal Content-Length lines are combined by a comma and a space',
      spec: SPEC.getHeader,
      server: {
        actual: {
          raw: 'HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n',
        },
      },
      expect: readable({ status: 200, readable: { 'content-length': '0, 0' } }),
      class: 'outside',
      because: 'HTTP/1.1 lets a client replace equal Content-Length lines by one, or reject them.',
    }),
  ],
});
