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
