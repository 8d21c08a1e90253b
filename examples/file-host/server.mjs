/**
 * The API of a file host. Its own web app and one partner's editor use it from their pages with the user's session:
 * they list nothing, they read whole files and parts of them, replace a file, and upload a new one. The logo is for
 * every site.
 */
import { createHash } from 'node:crypto';
import cors from 'cors';
import express from 'express';

const app = express();

/** The web app and the partner's editor, with the session cookie. */
const members = {
  // A list even for one origin: a single string would be sent to every site, also to those that are not allowed.
  origin: ['https://drive.example.com', 'https://editor.partner.example'],
  credentials: true,
  methods: ['GET', 'PUT', 'POST'],
  // Range with one part is safelisted, with several it is not. If-Match keeps one editor from overwriting the other.
  allowedHeaders: ['Content-Type', 'If-Match', 'Range', 'X-File-Name'],
  // Without these, script sees neither where a part belongs nor which version it has.
  exposedHeaders: ['Accept-Ranges', 'Content-Range', 'ETag', 'Location'],
  maxAge: 600,
};
const everybody = { origin: '*', methods: ['GET'], allowedHeaders: [], maxAge: 600 };

// Before the session is looked at: a preflight carries no cookies. Before the routes: errors need the headers too.
app.use(cors((request, done) => done(null, request.path.startsWith('/public/') ? everybody : members)));

app.get('/public/logo.svg', (_request, response) => {
  response.type('svg').send('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>');
});

app.use((request, response, next) => {
  if (/(?:^|; )session=demo(?:;|$)/.test(request.headers.cookie ?? '')) return next();
  response.status(401).json({ error: 'log in first' });
});

// Answers Range with 206, If-None-Match with 304, and a part that is not there with 416.
app.get('/files/report.txt', (_request, response) => {
  response.sendFile(new URL('files/report.txt', import.meta.url).pathname);
});

let notes = Buffer.from('Notes of a meeting\n');
const version = () => `"${createHash('sha256').update(notes).digest('hex').slice(0, 16)}"`;
app
  .route('/files/notes.txt')
  .get((_request, response) => response.type('text').set('ETag', version()).send(notes))
  .put(express.raw({ type: '*/*' }), (request, response) => {
    const wanted = request.headers['if-match'];
    if (wanted !== undefined && wanted !== '*' && wanted !== version())
      return response.status(412).json({ error: 'someone else was faster' });
    if (Buffer.isBuffer(request.body)) notes = request.body;
    response.set('ETag', version()).status(204).end();
  });

app.post('/uploads', express.raw({ type: '*/*', limit: '10mb' }), (_request, response) => {
  response.status(201).location('/files/upload-1').json({ id: 'upload-1' });
});

app.listen(Number(process.env.PORT ?? 3000), 'localhost');
