/** @type {import('cors-conformance').VerifyConfig} */
export default {
  name: 'OPTIONS, then POST',
  target: { command: 'node server.mjs' },
  policy: {
    origins: 'https://app.example.com',
    methods: ['POST'],
    requestHeaders: ['Content-Type'],
    maxAge: 600,
    resources: [{ path: '/orders', body: '{"item":1}', status: 201 }],
  },
};
