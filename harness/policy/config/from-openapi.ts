/**
 * What an API description says that a CORS policy needs: paths, methods, sample bodies, the headers that script sets
 * and reads, how callers authenticate. It never says who may call: origins are asked for. Reads OpenAPI 3.x and
 * Swagger 2.0 documents whose references are local. Pure.
 * Longer than other files: one document, and what is looked for in each of its parts.
 */

import { SAFELISTED_RESPONSE_HEADERS } from '../../standard/expose.ts';
import { isForbiddenRequestHeader, isSafelistedRequestHeader } from '../../standard/request-headers.ts';
import { isUrl } from '../../standard/url.ts';
import { listOf, type Node, nodeOf, resolved, stringOf } from './openapi-node.ts';
import { type SampleBody, written } from './sample-body.ts';
import { withoutItself } from './sample-without-itself.ts';

/** One path of the API, as the policy's `resources` have it. */
export interface ApiResource {
  readonly path: string;
  readonly methods: readonly string[];
  readonly body?: string;
  readonly contentType?: string;
  /** Samples of the headers without which the server refuses the request. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly requestHeaders: readonly string[];
  readonly exposedHeaders: readonly string[];
  /** Callers are known by a cookie. */
  readonly needsCredentials: boolean;
}

export interface ApiDescription {
  readonly title?: string;
  /** Where it is served, if the description says so in full. */
  readonly url?: string;
  readonly resources: readonly ApiResource[];
  /** Request headers that carry credentials: Authorization, API keys. */
  readonly authHeaders: readonly string[];
  /** Cookies that carry credentials. */
  readonly cookies: readonly string[];
  /** What had to be guessed or was left out: whole sentences. */
  readonly notes: readonly string[];
}

/** Makes a sample value of a schema. The document is what its references are looked up in. */
export type Sampler = (schema: object, document: object) => unknown;

const METHODS = ['get', 'head', 'post', 'put', 'patch', 'delete', 'query'];

/**
 * @param document a parsed description; references to other files have been resolved
 * @param sample makes sample bodies
 */
export function fromOpenApi(document: unknown, sample: Sampler): ApiDescription {
  const root = nodeOf(document);
  const notes: string[] = [];
  const server = serverOf(root, notes);
  const security = securityOf(root);
  const context: Context = { root, sample, notes, prefix: server.prefix, queryKeys: security.queryKeys };
  const resources = Object.entries(nodeOf(root.paths)).flatMap(([path, item]) => {
    const resource = resourceOf(path, resolved(item, root), context, security);
    return resource ? [resource] : [];
  });
  const title = stringOf(nodeOf(root.info).title);
  return {
    ...(title !== undefined && { title }),
    ...(server.url !== undefined && { url: server.url }),
    resources,
    authHeaders: security.headers,
    cookies: security.cookies,
    notes: [...new Set(notes)],
  };
}

interface Context {
  readonly root: Node;
  readonly sample: Sampler;
  readonly notes: string[];
  /** The path under which the API is served. */
  readonly prefix: string;
  readonly queryKeys: readonly string[];
}

/** OpenAPI 3: servers. Swagger 2.0: schemes, host, basePath. */
function serverOf(root: Node, notes: string[]): { readonly url?: string; readonly prefix: string } {
  const servers = listOf(root.servers).map(nodeOf);
  if (servers.length > 1) notes.push(`Only the first of ${servers.length} servers is taken.`);
  const host = stringOf(root.host);
  const basePath = stringOf(root.basePath) ?? '';
  const scheme = stringOf(listOf(root.schemes)[0]) ?? 'https';
  const declared = servers[0]
    ? withVariables(servers[0])
    : host === undefined
      ? basePath
      : `${scheme}://${host}${basePath}`;
  if (isUrl(declared)) {
    const url = new URL(declared);
    return { url: url.origin, prefix: url.pathname.replace(/\/$/, '') };
  }
  const open = /\{[^{}]+\}/.exec(declared)?.[0];
  if (open) notes.push(`The URL of the server, ${declared}, has no value for ${open}: pass it with --url.`);
  const path = declared.replace(/^[^/]*:\/\/[^/]*/, '');
  return { prefix: path.startsWith('/') ? path.replace(/\/$/, '') : '' };
}

function withVariables(server: Node): string {
  const variables = nodeOf(server.variables);
  return (stringOf(server.url) ?? '').replace(
    /\{([^{}]+)\}/g,
    (whole, name: string) => stringOf(nodeOf(variables[name]).default) ?? whole,
  );
}

interface Security {
  readonly headers: readonly string[];
  readonly cookies: readonly string[];
  readonly queryKeys: readonly string[];
}

/** Security schemes: what callers send to be known. */
function securityOf(root: Node): Security {
  const schemes = Object.values({
    ...nodeOf(nodeOf(root.components).securitySchemes),
    ...nodeOf(root.securityDefinitions),
  }).map(scheme => resolved(scheme, root));
  const keys = (place: string) =>
    schemes.flatMap(({ type, in: where, name }) =>
      type === 'apiKey' && where === place && typeof name === 'string' ? [name] : [],
    );
  const authorizes = schemes.some(({ type }) =>
    ['http', 'basic', 'oauth2', 'openIdConnect'].includes(stringOf(type) ?? ''),
  );
  return {
    headers: unique([...(authorizes ? ['Authorization'] : []), ...keys('header')]),
    cookies: unique(keys('cookie')),
    queryKeys: unique(keys('query')),
  };
}

function resourceOf(template: string, item: Node, context: Context, security: Security): ApiResource | null {
  const { root, prefix } = context;
  const operations = METHODS.flatMap(method => {
    const operation = item[method];
    return operation === undefined ? [] : [{ method: method.toUpperCase(), operation: nodeOf(operation) }];
  });
  if (operations.length === 0) return null;
  const parameters = [
    ...listOf(item.parameters),
    ...operations.flatMap(({ operation }) => listOf(operation.parameters)),
  ].map(parameter => resolved(parameter, root));
  const path = prefix + filledPath(template, parameters, context) + queryOf(parameters, context);
  const body = operations
    .map(({ operation }) => bodyOf(operation, listOf(item.parameters), context))
    .find(found => found !== null);
  const secured = operations.some(({ operation }) => listOf(operation.security ?? root.security).length > 0);
  const ownHeaders = headerParameters(parameters)
    .map(({ name }) => name)
    .filter(name => !isForbiddenRequestHeader(name, ''));
  const headers = requiredHeaders(template, parameters, context, security);
  return {
    path,
    methods: operations.map(({ method }) => method),
    ...body,
    ...(Object.keys(headers).length > 0 && { headers }),
    requestHeaders: unique([
      ...(body && !isSafelistedRequestHeader('content-type', body.contentType) ? ['Content-Type'] : []),
      ...ownHeaders,
      ...(secured ? security.headers : []),
    ]),
    exposedHeaders: unique(operations.flatMap(({ operation }) => responseHeaders(operation, root))),
    needsCredentials: secured && security.cookies.length > 0,
  };
}

/** Parameters by these names have no meaning (OpenAPI, Parameter Object): other members describe them. */
const DESCRIBED_ELSEWHERE = /^(?:accept|content-type|authorization)$/i;

function headerParameters(parameters: readonly Node[]): readonly { name: string; parameter: Node }[] {
  return parameters.flatMap(parameter =>
    parameter.in === 'header' &&
    typeof parameter.name === 'string' &&
    !DESCRIBED_ELSEWHERE.test(parameter.name)
      ? [{ name: parameter.name, parameter }]
      : [],
  );
}

/** Required header parameters, with a sample each; of those that no script can set, and of cookies, a note. */
function requiredHeaders(
  template: string,
  parameters: readonly Node[],
  { root, notes }: Context,
  security: Security,
): Record<string, string> {
  for (const { in: place, name, required } of parameters)
    if (place === 'cookie' && required === true && !security.cookies.includes(String(name)))
      notes.push(`${template}: the cookie ${name} is required; add it to the cookies of the resource.`);
  const headers: Record<string, string> = {};
  for (const { name, parameter } of headerParameters(parameters)) {
    if (parameter.required !== true || security.headers.some(own => own.toLowerCase() === name.toLowerCase()))
      continue;
    const { value, guessed } = exampleOf(parameter, root);
    if (isForbiddenRequestHeader(name, value)) {
      notes.push(`${template}: the header ${name} is required, and script cannot set it.`);
      continue;
    }
    headers[name] = value;
    if (guessed)
      notes.push(`${template}: the header ${name} was filled in with ${value}; put in a value that works.`);
  }
  return headers;
}

/** `{id}` becomes the parameter's example, or a value of its type. */
function filledPath(template: string, parameters: readonly Node[], { root, notes }: Context): string {
  return template.replace(/\{([^{}]+)\}/g, (_whole, name: string) => {
    const parameter = parameters.find(own => own.in === 'path' && own.name === name) ?? {};
    const { value, guessed } = exampleOf(parameter, root);
    if (guessed) notes.push(`${template}: {${name}} was filled in with ${value}; put in one that exists.`);
    return encodeURIComponent(value);
  });
}

/** Required query parameters, and API keys that travel in the query. */
function queryOf(parameters: readonly Node[], { root, notes, queryKeys }: Context): string {
  const pairs = parameters
    .filter(
      parameter =>
        parameter.in === 'query' && parameter.required === true && typeof parameter.name === 'string',
    )
    .map(
      parameter =>
        `${encodeURIComponent(String(parameter.name))}=${encodeURIComponent(exampleOf(parameter, root).value)}`,
    );
  for (const key of queryKeys) notes.push(`The API key ?${key}= has to be added to the paths that need it.`);
  return pairs.length === 0 ? '' : `?${unique(pairs).join('&')}`;
}

function exampleOf(parameter: Node, root: Node): { readonly value: string; readonly guessed: boolean } {
  const schema = resolved(parameter.schema ?? parameter, root);
  const example =
    parameter.example ??
    nodeOf(Object.values(nodeOf(parameter.examples))[0]).value ??
    parameter['x-example'] ??
    schema.example ??
    listOf(schema.examples)[0] ??
    schema.default ??
    listOf(schema.enum)[0];
  if (example !== undefined && typeof example !== 'object') return { value: String(example), guessed: false };
  const type = stringOf(listOf(schema.type)[0] ?? schema.type);
  if (type === 'integer' || type === 'number') return { value: '1', guessed: true };
  if (schema.format === 'uuid') return { value: '00000000-0000-4000-8000-000000000000', guessed: true };
  if (schema.format === 'date') return { value: '2020-01-01', guessed: true };
  return { value: '1', guessed: true };
}

/** The sample body of an operation: JSON if it takes it, else its first type. */
function bodyOf(operation: Node, ofPath: readonly unknown[], context: Context): SampleBody | null {
  const { root, sample, notes } = context;
  const content = Object.entries(nodeOf(resolved(operation.requestBody, root).content));
  const [contentType, media] =
    content.find(([type]) => /[/+]json\b/i.test(type)) ??
    content[0] ??
    swagger2Body([...listOf(operation.parameters), ...ofPath], operation, root);
  if (contentType === undefined) return null;
  const { example, examples, schema } = nodeOf(media);
  const given = example ?? resolved(Object.values(nodeOf(examples))[0], root).value;
  if (given === undefined && schema === undefined) return { body: '', contentType };
  try {
    const value = given ?? withoutItself(sample(nodeOf(schema), root), schema, root);
    const { properties } = resolved(schema, root);
    const body = written(contentType, value, field => isFile(resolved(nodeOf(properties)[field], root)));
    if (body) return body;
    notes.push(`No sample body could be made for ${contentType}: write one.`);
  } catch (error) {
    notes.push(`No sample body could be made for ${contentType}: ${(error as Error).message}`);
  }
  return { body: '', contentType };
}

/** A file in a form: by its format before OpenAPI 3.1, then by its media type, in Swagger 2.0 by its type. */
const isFile = ({ type, format, contentMediaType }: Node): boolean =>
  type === 'file' || format === 'binary' || contentMediaType !== undefined;

/** Swagger 2.0: a parameter in the body, of the first type that the operation consumes; or the fields of a form. */
function swagger2Body(parameters: readonly unknown[], operation: Node, root: Node): [string, Node] | [] {
  const all = parameters.map(own => resolved(own, root));
  const consumes = listOf(operation.consumes ?? root.consumes).flatMap(type => stringOf(type) ?? []);
  const whole = all.find(own => own.in === 'body');
  if (whole) return [consumes[0] ?? 'application/json', whole];
  const fields = all.filter(own => own.in === 'formData' && typeof own.name === 'string');
  if (fields.length === 0) return [];
  const required = fields.filter(own => own.required === true);
  const sent = required.length > 0 ? required : fields;
  const properties = Object.fromEntries(fields.map(own => [String(own.name), own]));
  const example = Object.fromEntries(
    sent.map(own => [String(own.name), isFile(own) ? '' : exampleOf(own, root).value]),
  );
  const multipart =
    sent.some(isFile) ||
    (consumes.includes('multipart/form-data') && !consumes.includes('application/x-www-form-urlencoded'));
  const type = multipart ? 'multipart/form-data' : 'application/x-www-form-urlencoded';
  return [type, { example, schema: { properties } }];
}

function responseHeaders(operation: Node, root: Node): string[] {
  return Object.values(nodeOf(operation.responses))
    .flatMap(response => Object.keys(nodeOf(resolved(response, root).headers)))
    .filter(
      name =>
        !SAFELISTED_RESPONSE_HEADERS.includes(name.toLowerCase()) &&
        !/^(?:set-cookie|access-control-)/i.test(name),
    );
}

const unique = <T>(values: readonly T[]): T[] => [...new Set(values)];
