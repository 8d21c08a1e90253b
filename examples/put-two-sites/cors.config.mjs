/** @type {import('cors-conformance').VerifyConfig} */
export default {
  name: 'PUT between two sites',
  target: { command: 'node server.mjs', publicUrl: 'https://warehouse.example' },
  policy: {
    origins: 'https://shop.example',
    methods: ['GET', 'PUT'],
    requestHeaders: ['Content-Type'],
    resources: [{ path: '/stock/42', body: '{"left":4}', status: 200 }],
  },
};
