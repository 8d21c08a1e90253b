/**
 * The two requests of a POST with JSON, by hand: the browser asks with OPTIONS, this server answers, and only then the
 * POST follows. Nothing but Node: every header that counts is here.
 */
import { createServer } from 'node:http';

const ALLOWED = new Set(['https://app.example.com']);

createServer((request, response) => {
  const { method, url, headers } = request;
  // On every answer: a cache must not give one origin the answer for another.
  response.setHeader('Vary', 'Origin');
  if (ALLOWED.has(headers.origin)) response.setHeader('Access-Control-Allow-Origin', headers.origin);

  if (method === 'OPTIONS' && headers['access-control-request-method'] !== undefined) {
    // The preflight. What is not listed here, the browser does not send.
    if (ALLOWED.has(headers.origin)) {
      response.setHeader('Access-Control-Allow-Methods', 'POST');
      response.setHeader('Access-Control-Allow-Headers', 'Content-Type');
      response.setHeader('Access-Control-Max-Age', '600');
    }
    return response.writeHead(204).end();
  }
  if (url !== '/orders') return response.writeHead(404).end('There is nothing here.');
  if (method !== 'POST') return response.writeHead(405, { Allow: 'POST, OPTIONS' }).end();
  request.resume().once('end', () => {
    response.writeHead(201, { 'Content-Type': 'application/json' }).end('{"id":1}');
  });
}).listen(Number(process.env.PORT ?? 3000), 'localhost');
