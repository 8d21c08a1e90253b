/** The shapes of a page's request: method, headers, body and credentials. */
import type { CaseRequest } from '../case/schema.ts';
import { slug } from '../policy/config/read.ts';

export interface RequestShape {
  readonly id: string;
  /** As in a sentence, the method first. */
  readonly title: string;
  readonly method: string;
  readonly credentials?: true;
  readonly headers?: readonly [string, string][];
  readonly body?: CaseRequest['body'];
}

const JSON_BODY: Pick<RequestShape, 'headers' | 'body'> = {
  headers: [['Content-Type', 'application/json']],
  body: { buffer: '{}' },
};

/** What a page asks for, in the order in which it is asked. */
export const shapesFor = (headers: readonly string[]): RequestShape[] => [
  { id: 'get', title: 'GET', method: 'GET' },
  { id: 'get-credentials', title: 'GET with credentials', method: 'GET', credentials: true },
  ...headers.map(name => ({
    id: `get-${slug(name)}`,
    title: `GET with ${name}`,
    method: 'GET',
    headers: [[name, 'cors-conformance']] as [string, string][],
  })),
  {
    id: 'get-authorization',
    title: 'GET with authorization',
    method: 'GET',
    headers: [['Authorization', 'Bearer cors-conformance']],
  },
  { id: 'head', title: 'HEAD', method: 'HEAD' },
  { id: 'post-form', title: 'POST of a form', method: 'POST', body: { urlencoded: [['a', '1']] } },
  {
    id: 'post-form-credentials',
    title: 'POST of a form with credentials',
    method: 'POST',
    credentials: true,
    body: { urlencoded: [['a', '1']] },
  },
  { id: 'post-json', title: 'POST of JSON', method: 'POST', ...JSON_BODY },
  { id: 'put', title: 'PUT', method: 'PUT' },
  { id: 'put-credentials', title: 'PUT with credentials', method: 'PUT', credentials: true },
  ...headers.map(name => ({
    id: `put-${slug(name)}`,
    title: `PUT with ${name}`,
    method: 'PUT',
    headers: [[name, 'cors-conformance']] as [string, string][],
  })),
  { id: 'patch', title: 'PATCH', method: 'PATCH', ...JSON_BODY },
  { id: 'delete', title: 'DELETE', method: 'DELETE' },
  { id: 'query', title: 'QUERY', method: 'QUERY', ...JSON_BODY },
];

/** For further paths, and for origins that stand for others of their kind. */
export const FEW: ReadonlySet<string> = new Set([
  'get',
  'get-credentials',
  'post-json',
  'put',
  'put-credentials',
]);
/** Of pages that nobody lists also what any form can send, with the cookies of whoever is there. */
export const FOREIGN: ReadonlySet<string> = new Set([...FEW, 'post-form-credentials']);
export const ONE: ReadonlySet<string> = new Set(['get-credentials']);
/** For origins that are tried one by one. */
export const PLAIN: ReadonlySet<string> = new Set(['get', 'get-credentials']);

/** As in a sentence: "PUT /x with x-a from https://app.example". */
export function titleOf({ title }: Pick<RequestShape, 'title'>, path: string, origin: string): string {
  const [method = '', ...rest] = title.split(' ');
  return [method, path, ...rest, 'from', origin].join(' ');
}
