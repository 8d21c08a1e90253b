/** @type {import('cors-conformance').VerifyConfig} */
export default {
  name: 'a file host',
  target: {
    command: 'node server.mjs',
    // Where browsers know it. On the site of its web app, so that the session cookie is sent there by every browser.
    publicUrl: 'https://files.example.com',
  },
  policy: {
    origins: ['https://drive.example.com', 'https://editor.partner.example'],
    credentials: true,
    methods: ['GET', 'PUT', 'POST'],
    requestHeaders: ['Content-Type', 'If-Match', 'Range', 'X-File-Name'],
    exposedHeaders: ['Accept-Ranges', 'Content-Range', 'ETag', 'Location'],
    maxAge: 600,
    cookies: { session: 'demo' },
    resources: [
      { path: '/files/report.txt', methods: ['GET'] },
      { path: '/files/notes.txt', methods: ['GET', 'PUT'], body: 'Notes\n', contentType: 'text/x-notes' },
      { path: '/uploads', methods: ['POST'], body: 'bytes', contentType: 'application/octet-stream' },
      {
        path: '/public/logo.svg',
        origins: '*',
        credentials: false,
        methods: ['GET'],
        requestHeaders: [],
        exposedHeaders: [],
      },
    ],
    errors: [{ path: '/files/missing.txt', status: 404 }],
  },
};
