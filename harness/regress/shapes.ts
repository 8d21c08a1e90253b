/** The shapes of a page's request: method, headers, body and credentials. */
import type { CaseRequest } from '../case/schema.ts';
import { slug } from '../policy/read.ts';

export interface Shape {
  readonly id: string;
  readonly words: string;
  readonly method: string;
  readonly credentials?: true;
  readonly headers?: readonly [string, string][];
  readonly body?: CaseRequest['body'];
}

const JSON_BODY: Pick<Shape, 'headers' | 'body'> = {
  headers: [['Content-Type', 'application/json']],
  body: { buffer: '{}' },
};

/** What a page asks for, in the order in which it is asked. */
export const shapesFor = (headers: readonly string[]): Shape[] => [
  { id: 'get', words: 'GET', method: 'GET' },
  { id: 'get-credentials', words: 'GET with credentials', method: 'GET', credentials: true },
  ...headers.map(name => ({
    id: `get-${slug(name)}`,
    words: `GET with ${name}`,
    method: 'GET',
    headers: [[name, 'cors-conformance']] as [string, string][],
  })),
  {
    id: 'get-authorization',
    words: 'GET with authorization',
    method: 'GET',
    headers: [['Authorization', 'Bearer cors-conformance']],
  },
  { id: 'head', words: 'HEAD', method: 'HEAD' },
  { id: 'post-form', words: 'POST of a form', method: 'POST', body: { urlencoded: [['a', '1']] } },
  { id: 'post-json', words: 'POST of JSON', method: 'POST', ...JSON_BODY },
  { id: 'put', words: 'PUT', method: 'PUT' },
  { id: 'put-credentials', words: 'PUT with credentials', method: 'PUT', credentials: true },
  ...headers.map(name => ({
    id: `put-${slug(name)}`,
    words: `PUT with ${name}`,
    method: 'PUT',
    headers: [[name, 'cors-conformance']] as [string, string][],
  })),
  { id: 'patch', words: 'PATCH', method: 'PATCH', ...JSON_BODY },
  { id: 'delete', words: 'DELETE', method: 'DELETE' },
  { id: 'query', words: 'QUERY', method: 'QUERY', ...JSON_BODY },
];

/** For further paths, and for origins that stand for others of their kind. */
export const FEW: ReadonlySet<string> = new Set(['get', 'get-credentials', 'post-json', 'put']);
export const ONE: ReadonlySet<string> = new Set(['get-credentials']);
/** For origins that are tried one by one. */
export const PLAIN: ReadonlySet<string> = new Set(['get', 'get-credentials']);

/** As in a sentence: "PUT /x with x-a from https://app.example". */
export function wordsOf({ words }: Pick<Shape, 'words'>, path: string, origin: string): string {
  const [method = '', ...rest] = words.split(' ');
  return [method, path, ...rest, 'from', origin].join(' ');
}
