import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromOpenApi, type Sampler } from './from-openapi.ts';

/** Stands for the sampler of the command: what it was asked for. */
const sample: Sampler = schema => ({ sampled: Object.keys(schema) });

test('should read OpenAPI 3.1', () => {
  const api = fromOpenApi(
    {
      openapi: '3.1.0',
      info: { title: 'Shop' },
      servers: [{ url: 'https://{env}.shop.example/v1/', variables: { env: { default: 'api' } } }],
      security: [{ bearer: [] }],
      paths: {
        '/items/{id}': {
          parameters: [
            { $ref: '#/components/parameters/id' },
            { name: 'X-Tenant', in: 'header', schema: { type: 'string' } },
            { name: 'page', in: 'query', required: true, schema: { default: 2 } },
            { name: 'sort', in: 'query', schema: { default: 'a' } },
          ],
          get: {
            responses: { 200: { headers: { 'X-Total-Count': {}, 'Cache-Control': {}, 'Set-Cookie': {} } } },
          },
          put: { requestBody: { $ref: '#/components/requestBodies/item' }, security: [] },
        },
        '/empty': { summary: 'no operation' },
      },
      components: {
        parameters: { id: { name: 'id', in: 'path', schema: { type: 'string', format: 'uuid' } } },
        requestBodies: {
          item: { content: { 'text/plain': {}, 'application/json': { schema: { type: 'object' } } } },
        },
        securitySchemes: {
          bearer: { type: 'http' },
          key: { type: 'apiKey', in: 'header', name: 'X-Api-Key' },
          sid: { type: 'apiKey', in: 'cookie', name: 'sid' },
        },
      },
    },
    sample,
  );
  assert.equal(api.url, 'https://api.shop.example');
  assert.deepEqual(api.authHeaders, ['Authorization', 'X-Api-Key']);
  assert.deepEqual(api.cookies, ['sid']);
  assert.deepEqual(api.resources, [
    {
      path: '/v1/items/00000000-0000-4000-8000-000000000000?page=2',
      methods: ['GET', 'PUT'],
      body: '{"sampled":["type"]}',
      contentType: 'application/json',
      requestHeaders: ['Content-Type', 'X-Tenant', 'Authorization', 'X-Api-Key'],
      exposedHeaders: ['X-Total-Count'],
      needsCredentials: true,
    },
  ]);
  assert.match(api.notes.join('\n'), /\{id\} was filled in/);
});

test('should read Swagger 2.0', () => {
  const api = fromOpenApi(
    {
      swagger: '2.0',
      host: 'api.shop.example',
      basePath: '/v2',
      schemes: ['http'],
      consumes: ['application/json'],
      securityDefinitions: { key: { type: 'apiKey', in: 'query', name: 'key' }, basic: { type: 'basic' } },
      paths: {
        '/pets': { post: { parameters: [{ in: 'body', name: 'pet', schema: { example: { a: 1 } } }] } },
      },
    },
    schema => (schema as { example?: unknown }).example,
  );
  assert.equal(api.url, 'http://api.shop.example');
  assert.deepEqual(
    api.resources.map(({ path, methods, body, contentType }) => [path, methods, body, contentType]),
    [['/v2/pets', ['POST'], '{"a":1}', 'application/json']],
  );
  assert.match(api.notes.join('\n'), /The API key \?key=/);
});

test('should stay whole whatever the description holds', () => {
  const self = { $ref: '#/components/parameters/self' };
  for (const document of [
    null,
    [],
    { paths: 5 },
    {
      paths: { '/a': { get: null }, '/b/{x}': { get: { parameters: [self, 7], responses: { 200: self } } } },
      components: { parameters: { self } },
    },
  ]) {
    const { resources } = fromOpenApi(document, sample);
    for (const { path } of resources) assert.match(path, /^\/[^{}]*$/);
  }
  const failing = fromOpenApi(
    { paths: { '/a': { post: { requestBody: { content: { 'application/json': { schema: {} } } } } } } },
    () => {
      throw new Error('no sample');
    },
  );
  assert.match(failing.notes.join(), /no sample/);
  assert.equal(failing.resources[0]?.body, '');
});

const operation = (post: object, more: object = {}) =>
  fromOpenApi({ openapi: '3.1.0', paths: { '/a': { post } }, ...more }, schema =>
    Object.fromEntries(
      Object.keys((schema as { properties: object }).properties).map(name => [name, `a ${name}`]),
    ),
  );

const properties = { note: { type: 'string' }, 'the "file"': { type: 'string', format: 'binary' } };
const BOUNDARY = '--cors-conformance-sample';

test('should write a form as its type wants it', () => {
  const bodyOf = (type: string) =>
    operation({ requestBody: { content: { [type]: { schema: { type: 'object', properties } } } } });
  const [form] = bodyOf('multipart/form-data').resources;
  assert.equal(form?.contentType, 'multipart/form-data; boundary=cors-conformance-sample');
  assert.equal(
    form?.body,
    `${BOUNDARY}\r\nContent-Disposition: form-data; name="note"\r\n\r\na note\r\n` +
      `${BOUNDARY}\r\nContent-Disposition: form-data; name="the %22file%22"; filename="sample.txt"\r\nContent-Type: text/plain\r\n\r\na the "file"\r\n` +
      `${BOUNDARY}--\r\n`,
  );
  // Neither needs a preflight.
  assert.deepEqual(form?.requestHeaders, []);
  const [urlencoded] = bodyOf('application/x-www-form-urlencoded').resources;
  assert.equal(urlencoded?.body, 'note=a+note&the+%22file%22=a+the+%22file%22');
  assert.deepEqual(urlencoded?.requestHeaders, []);
  const xml = bodyOf('application/xml');
  assert.equal(xml.resources[0]?.body, '');
  assert.match(xml.notes.join(), /No sample body could be made for application\/xml: write one\./);
  assert.deepEqual(xml.resources[0]?.requestHeaders, ['Content-Type']);
});

test('should send the fields of a form in Swagger 2.0', () => {
  const post = (consumes: string[], ...parameters: object[]) =>
    fromOpenApi({ swagger: '2.0', paths: { '/a': { parameters, post: { consumes } } } }, sample).resources[0];
  const field = { in: 'formData', name: 'a', type: 'string', required: true, 'x-example': 'x y' };
  const optional = { in: 'formData', name: 'b', type: 'integer' };
  const form = post(['application/x-www-form-urlencoded'], field, optional);
  assert.deepEqual([form?.body, form?.contentType], ['a=x+y', 'application/x-www-form-urlencoded']);
  assert.equal(post([], optional)?.body, 'b=1');
  const upload = post(['multipart/form-data'], field, {
    in: 'formData',
    name: 'f',
    type: 'file',
    required: true,
  });
  assert.match(upload?.contentType ?? '', /^multipart\/form-data; boundary=/);
  assert.match(upload?.body ?? '', /name="a"\r\n\r\nx y\r\n[\s\S]*name="f"; filename="sample\.txt"\r\n/);
});

test('should send required headers, and say what has to be looked at', () => {
  const header = (name: string, more: object = {}) => ({ in: 'header', name, required: true, ...more });
  const parameters = [
    header('X-Tenant', { schema: { enum: ['acme'] } }),
    header('X-Trace', { schema: { type: 'string' } }),
    header('X-Optional', { required: false }),
    header('Accept'),
    header('Host'),
    header('X-Key'),
    { in: 'cookie', name: 'sid', required: true },
  ];
  const { resources, notes } = operation(
    { parameters, security: [{ key: [] }] },
    { components: { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-Key' } } } },
  );
  assert.deepEqual(resources[0]?.headers, { 'X-Tenant': 'acme', 'X-Trace': '1' });
  assert.deepEqual(resources[0]?.requestHeaders, ['X-Tenant', 'X-Trace', 'X-Optional', 'X-Key']);
  const text = notes.join('\n');
  assert.match(text, /\/a: the header X-Trace was filled in with 1; put in a value that works\./);
  assert.match(text, /\/a: the header Host is required, and script cannot set it\./);
  assert.match(text, /\/a: the cookie sid is required; add it to the cookies of the resource\./);
  assert.doesNotMatch(text, /X-Tenant|X-Key|Accept|X-Optional/);
});

test('should keep the path of a server whose URL has a variable without a value, and say so', () => {
  const api = fromOpenApi(
    {
      openapi: '3.0.0',
      servers: [{ url: '{scheme}://x.example/v1/' }],
      paths: { '/a': { get: {} } },
    },
    sample,
  );
  assert.equal(api.url, undefined);
  assert.deepEqual(
    api.resources.map(({ path }) => path),
    ['/v1/a'],
  );
  assert.deepEqual(api.notes, [
    'The URL of the server, {scheme}://x.example/v1/, has no value for {scheme}: pass it with --url.',
  ]);
});
