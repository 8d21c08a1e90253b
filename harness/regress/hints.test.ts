import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { hintsOf } from './hints.ts';

const originsOf = (source: string) => hintsOf(source).origins;
const pathsOf = (source: string) => hintsOf(source).paths;

describe('hintsOf', () => {
  test('should find origins that stand there as whole strings', () => {
    assert.deepEqual(originsOf(`cors({ origin: ['https://app.example', "http://localhost:5173"] })`), [
      'https://app.example',
      'http://localhost:5173',
    ]);
    assert.deepEqual(originsOf('origin: `https://app.example/`'), ['https://app.example']);
  });

  test('should leave out links, comments, templates and what is no origin', () => {
    assert.deepEqual(originsOf(`// see 'https://other.example'\n/* "https://other.example" */`), []);
    assert.deepEqual(originsOf(`# CORS(app, origins="https://other.example")`), []);
    assert.deepEqual(originsOf("fetch('https://api.example/users'); `http://localhost:$PORT`"), []);
    assert.deepEqual(originsOf("response.setHeader('a.b.c', x.y.z)"), []);
  });

  test('should fill in wildcards and read the hosts of regular expressions', () => {
    assert.deepEqual(originsOf(`"https://*.example.com"`), ['https://any.example.com']);
    assert.deepEqual(originsOf('origin: /app\\.example$/g'), ['https://app.example']);
    assert.deepEqual(originsOf('r"^https://.+\\.example\\.com$"'), ['https://any.example.com']);
  });

  test('should name each once, and no more than two', () => {
    const source = `'https://a.example' 'https://a.example' 'https://b.example' 'https://c.example'`;
    assert.deepEqual(originsOf(source), ['https://a.example', 'https://b.example']);
  });

  test('should find the paths of routes', () => {
    assert.deepEqual(pathsOf(`app.get('/x', h); app.put("/items/1", h); @app.route('/')`), [
      '/x',
      '/items/1',
    ]);
    assert.deepEqual(pathsOf(`app.get('/users/:id', h); app.options('*', cors()); app.use('/api/*', h)`), []);
    assert.deepEqual(pathsOf(`import x from './x.ts'; 'a/b'`), []);
  });
});
