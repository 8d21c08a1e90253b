/** An API that lets https://app.example.com read its items, and change them. */
import { createServer } from 'node:http';

const APP = 'https://app.example.com';

createServer((request, response) => {
  response.setHeader('Vary', 'Origin');
  if (request.headers.origin === APP) {
    response.setHeader('Access-Control-Allow-Origin', APP);
    response.setHeader('Access-Control-Expose-Headers', 'ETag');
  }
  if (request.method === 'OPTIONS') {
    if (request.headers.origin === APP) response.setHeader('Access-Control-Allow-Methods', 'PUT');
    response.writeHead(204).end();
    return;
  }
  response.setHeader('ETag', '"1"');
  if (request.url === '/items' || request.url === '/health') response.end('[]');
  else response.writeHead(404).end();
}).listen(4380);
