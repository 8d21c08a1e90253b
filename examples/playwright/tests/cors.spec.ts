import { expect, test, verifyPolicy } from 'cors-conformance/playwright';

const url = 'http://localhost:4380/items';
const app = 'https://app.example.com';

test('our app may read items, with their version', async ({ cors }) => {
  const seen = await cors.request({ url, from: app });
  expect(seen).toBeReadable();
  expect(seen).toExposeHeader('etag', '"1"');
  expect(seen).not.toHaveSentPreflight();
});

test('our app may change items, and nobody may delete them', async ({ cors }) => {
  const changed = await cors.request({ url, from: app, method: 'PUT', body: '[]' });
  expect(changed).toHaveSentPreflight({ method: 'PUT' });
  expect(changed).toBeReadable();

  const deleted = await cors.request({ url, from: app, method: 'DELETE' });
  expect(deleted).toBeBlocked({ at: 'preflight' });
});

test('a look-alike of our app is blocked', async ({ cors }) => {
  const seen = await cors.request({ url, from: 'https://app.example.com.evil.example' });
  expect(seen).toBeBlocked({ at: 'response' });
});

test('the server keeps its policy', async () => {
  await expect('http://localhost:4380').toKeepPolicy({
    origins: app,
    methods: ['GET', 'PUT'],
    exposedHeaders: ['ETag'],
    resources: [{ path: '/items' }],
  });
});

// One test for each check, in the engine of the project.
verifyPolicy({
  target: { url: 'http://localhost:4380' },
  policy: {
    origins: app,
    methods: ['GET', 'PUT'],
    exposedHeaders: ['ETag'],
    resources: [{ path: '/items' }],
  },
});
