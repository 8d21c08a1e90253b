import assert from 'node:assert/strict';
import net from 'node:net';
import { test } from 'node:test';
import { type AnswerToSend, readAnswer, sendAnswer } from './respond.ts';

const read = (raw: string, closes = true) => readAnswer(raw, 'GET', closes);

test('should read back a raw answer as clients read it', () => {
  assert.deepEqual(read('HTTP/1.1 200 OK\r\nA:\r\n 1\r\na: 2\r\n\r\nbody\r\n\r\n')?.response, {
    status: 200,
    reason: 'OK',
    headers: [
      ['A', '1'],
      ['a', '2'],
    ],
    bodyBytes: 8,
    body: 'body\r\n\r\n',
  });
  assert.equal(read('HTTP/1.0 404\n\n')?.response.status, 404);
});

test('should read back nothing of what is no answer', () => {
  for (const raw of ['', 'no HTTP\r\n\r\n', 'HTTP/1.1 200 OK\r\nA: 1\r\n'])
    assert.equal(read(raw), null, raw);
});

test('should say how the body of a raw answer ends', () => {
  const end = (lines: string, closes = true) => {
    const answer = read(`HTTP/1.1 200 OK\r\n${lines}`, closes);
    return answer && [answer.body, answer.bodyEnd];
  };
  assert.deepEqual(end('Content-Length: 2\r\n\r\nok and more'), ['ok', 'complete']);
  assert.deepEqual(end('Content-Length: 9\r\n\r\nok'), ['ok', 'cut']);
  assert.deepEqual(end('Content-Length: 9\r\n\r\nok', false), ['ok', 'open']);
  assert.deepEqual(end('\r\nok', false), ['ok', 'open']);
  assert.deepEqual(end('Content-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n'), [
    'ok',
    'complete',
  ]);
  assert.deepEqual(end('Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\nzz\r\n'), ['ok', 'cut']);
  assert.equal(end('Content-Length: 1\r\nContent-Length: 2\r\n\r\nok'), null);
});

const late: AnswerToSend = {
  status: 200,
  reason: 'OK',
  headers: [],
  body: '',
  chunked: false,
  interim: [],
  trailers: [],
  delayMs: 1,
  close: false,
};

/** A socket that leads nowhere, and what is written to it. */
function openSocket(): { readonly socket: net.Socket; readonly sent: string[] } {
  const socket = new net.Socket();
  const sent: string[] = [];
  socket._write = (chunk, _encoding, told) => {
    sent.push(String(chunk));
    told();
  };
  return { socket, sent };
}

test('should leave no listener on a connection after answers that came late', async () => {
  const { socket, sent } = openSocket();
  const before = socket.listenerCount('close');
  for (let n = 0; n < 3; n++) assert.equal((await sendAnswer(socket, late, 'GET')).end, 'complete');
  assert.equal(sent.length, 3);
  assert.equal(socket.listenerCount('close'), before);
});

test('should not wait to answer over a connection that is gone', async () => {
  const socket = new net.Socket();
  const sending = sendAnswer(socket, { ...late, delayMs: 2 ** 31 - 1 }, 'GET');
  socket.destroy();
  assert.equal((await sending).end, 'no-answer');
});

test('should tell of an answer that stops in its body before its connection ends', async () => {
  for (const fault of ['reset-in-body', 'hang-in-body'] as const) {
    const { socket, sent } = openSocket();
    const answer: AnswerToSend = {
      ...late,
      status: 302,
      headers: [
        ['Location', ''],
        ['Content-Length', '4'],
      ],
      body: 'body',
      fault,
    };
    const told = await new Promise(resolve => {
      void sendAnswer(socket, answer, 'GET', cut =>
        resolve([cut.response?.status, cut.end, socket.destroyed]),
      );
    });
    assert.deepEqual(told, [302, 'cut', false]);
    assert.match(sent.join(''), /^HTTP\/1\.1 302 [\s\S]*\r\n\r\nbo$/);
    socket.destroy();
  }
});
