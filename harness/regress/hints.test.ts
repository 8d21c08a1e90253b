import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { hintsOf } from './hints.ts';

const originsOf = (source: string) => hintsOf([source]).origins;
const pathsOf = (source: string) => hintsOf([source]).paths;

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

  test('should name each once, the whole origins first', () => {
    const source = `'b.example.org' cors 'https://a.example' 'https://a.example' "origin" 'b.example.org'`;
    assert.deepEqual(originsOf(source), ['https://a.example', 'https://b.example.org']);
  });

  test('should read origins with a path behind them, in lists, and of any port', () => {
    assert.deepEqual(originsOf('AllowOrigins: []string{"https://example.com/*"}'), ['https://example.com']);
    assert.deepEqual(originsOf('ORIGINS="https://a.example,https://b.example"'), [
      'https://a.example',
      'https://b.example',
    ]);
    assert.deepEqual(originsOf("origin: 'http://localhost:*'"), ['http://localhost:3000']);
  });

  test('should read bare hosts if it is about origins, and not files or modules', () => {
    assert.deepEqual(originsOf("cors({ origin: 'shop.acme.dev' })"), ['https://shop.acme.dev']);
    assert.deepEqual(originsOf("CORS_ALLOWED = ['.acme.dev']"), ['https://any.acme.dev']);
    assert.deepEqual(originsOf("import cors from './cors.js'; import 'socket.io'"), []);
    assert.deepEqual(originsOf("const name = 'shop.acme.dev'"), []);
    assert.deepEqual(originsOf("MIDDLEWARE = ['corsheaders.middleware.CorsMiddleware']"), []);
    assert.deepEqual(originsOf("'cors': 'app.middleware.Cors'"), []);
  });

  test('should know where libraries answer that route by themselves', () => {
    assert.deepEqual(pathsOf("import { createYoga } from 'graphql-yoga'"), [
      '/graphql?query=%7B__typename%7D',
    ]);
    assert.deepEqual(pathsOf("import { Hono } from 'hono'"), []);
  });

  test('should know what wildcards and regular expressions allow', () => {
    const allows = (source: string, origin: string) =>
      hintsOf([source]).patterns.some(pattern => new RegExp(pattern).test(origin));
    for (const source of [
      "cors({ origin: [/\\.example\\.com$/, 'https://app.example.com'] })",
      "cors({ origin: 'https://*.example.com' })",
      'CORS(app, origins=[r"^https://.+\\.example\\.com$"])',
      'AllowOriginRegex: "^https://.+\\\\.example\\\\.com$"',
    ]) {
      assert.ok(allows(source, 'https://evil.example.com'), source);
      assert.ok(!allows(source, 'https://any.example.com.evil.example'), source);
      assert.ok(!allows(source, 'https://evilexample.com'), source);
    }
    assert.ok(!allows('origin: /^https:\\/\\/[a-z]+\\.example\\.com$/', 'https://a.b.example.com'));
    assert.ok(allows('origin: /^https:\\/\\/[a-z]+\\.example\\.com$/', 'https://b.example.com'));
    assert.deepEqual(hintsOf(["cors({ origin: 'https://app.example.com' }); a / b; '(\\.x'"]).patterns, []);
  });

  test('should read origins from the variables that the code reads', () => {
    const env = { ORIGINS: 'https://a.example, https://b.example', OTHER: 'https://c.example' };
    for (const source of [
      'process.env.ORIGINS.split(",")',
      'os.environ["ORIGINS"]',
      'os.Getenv("ORIGINS")',
      'std::env::var("ORIGINS")',
      'System.getenv("ORIGINS")',
    ])
      assert.deepEqual(hintsOf([source], env).origins, ['https://a.example', 'https://b.example'], source);
  });

  test('should find the paths of routes, with something in the place of their parameters', () => {
    assert.deepEqual(pathsOf(`app.get('/x', h); app.put("/items/1", h); @app.route('/')`), [
      '/x',
      '/items/1',
    ]);
    assert.deepEqual(pathsOf(`app.get('/users/:id', h); @app.get("/b/{id}/c"); '/f/<int:id>'`), [
      '/users/1',
      '/b/1/c',
      '/f/1',
    ]);
    assert.deepEqual(pathsOf(`resources={r"/api/*": {}}`), ['/api/cors-conformance']);
    assert.deepEqual(pathsOf(`import x from './x.ts'; 'a/b'; '/index.html'`), []);
  });

  test('should read routes as frameworks write them, also under a prefix', () => {
    assert.deepEqual(pathsOf('urlpatterns = [path("api/items", view), re_path(r"^raw/$", view)]'), [
      '/api/items',
      '/raw/',
    ]);
    assert.deepEqual(pathsOf("@Controller('items') class A { @Get() all() {} @Get('new') one() {} }"), [
      '/items',
      '/items/new',
    ]);
    assert.ok(pathsOf('APIRouter(prefix="/api")\n@router.get("/items")').includes('/api/items'));
    assert.ok(pathsOf("app.use('/v1', router); router.get('/items', h)").includes('/v1/items'));
  });
});
