import assert from 'node:assert/strict';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { test } from 'node:test';
import { loopbackCertificate } from './certificates.ts';
import { listenOnLoopback } from './listen.ts';

const answering = (text: string) => (socket: net.Socket) => {
  socket.once('data', () => socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${text.length}\r\n\r\n${text}`));
};

const read = (get: typeof http.get, url: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const request = get(url, { agent: false, rejectUnauthorized: false } as http.RequestOptions, response => {
      let text = '';
      response.on('data', chunk => {
        text += chunk;
      });
      response.on('end', () => resolve(text));
    });
    request.on('error', reject);
  });

test('a plain port that also takes TLS should tell the two apart by the first byte', async () => {
  const certificate = await loopbackCertificate();
  const listener = await listenOnLoopback({
    onConnection: answering('plain'),
    alsoTls: { certificate, onConnection: answering('secure') },
  });
  try {
    assert.equal(await read(http.get, `http://127.0.0.1:${listener.port}/`), 'plain');
    assert.equal(await read(https.get, `https://127.0.0.1:${listener.port}/`), 'secure');
  } finally {
    await listener.close();
  }
});

test('a plain port should not take TLS by itself, and should close with silent connections open', async () => {
  const listener = await listenOnLoopback({ onConnection: socket => socket.destroy() });
  await assert.rejects(read(https.get, `https://127.0.0.1:${listener.port}/`));
  const certificate = await loopbackCertificate();
  const waiting = await listenOnLoopback({
    onConnection: answering('plain'),
    alsoTls: { certificate, onConnection: answering('secure') },
  });
  const silent = net.connect(waiting.port, '127.0.0.1');
  await new Promise(resolve => silent.once('connect', resolve));
  const closed = new Promise(resolve => silent.once('close', resolve));
  silent.on('error', () => undefined);
  await waiting.close();
  await closed;
  await listener.close();
});
