import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { TargetError } from '../target/errors.ts';
import { startTarget } from '../target/start.ts';
import { answerOf, cannot, folderWith, removeFolder } from './install.test-support.ts';
import { installRelease } from './install.ts';
import { parsePackage } from './package.ts';
import { RUNNER, SERVE_SCRIPT } from './python-runner.ts';

const ORIGIN = 'https://app.example.com';
const OWN = `
def _answer(environ, start_response):
    start_response("200 OK", [("Access-Control-Allow-Origin", "${ORIGIN}")])
    return [b"x"]
class Own:
    def __call__(self, environ, start_response):
        return _answer(environ, start_response)
`;
const OTHER = `
class Other:
    def __init__(self, *parts):
        self.parts = parts
    def __call__(self, environ, start_response):
        start_response("200 OK", [])
        return [b"x"]
`;

/** Metrics on a port of their own. */
const HELPER = `
import http.server, threading
helper = http.server.ThreadingHTTPServer(("127.0.0.1", 5098), http.server.BaseHTTPRequestHandler)
threading.Thread(target=helper.serve_forever, daemon=True).start()
`;

/** What needs no package: apps and servers of the standard library. */
describe('running a Python script', { timeout: 240_000 }, () => {
  let folder: string;
  let reason: string | null;
  before(async () => {
    reason = await cannot('python3', '--version');
    folder = await folderWith({});
  });
  after(() => removeFolder(folder));

  async function serve(source: string, app = ''): Promise<Response> {
    const base = await folderWith({ 'my-app.py': source, [RUNNER]: SERVE_SCRIPT });
    try {
      const command = ['python3', RUNNER, 'my-app.py', '{port}', app];
      return await answerOf({ base, target: { command, cwd: '.' } } as never);
    } finally {
      await removeFolder(base);
    }
  }

  for (const [what, source, app] of [
    ['a function', `${OWN}application = _answer`],
    ['an object of any name', `${OWN}mine = Own()`],
    ['what a factory makes', `${OWN}def create_app(debug=False):\n    return Own()\n`],
    ['what an asynchronous factory makes', `${OWN}async def make_app():\n    return Own()\n`],
    ['what wraps the others', `${OWN}${OTHER}app = Other()\nown = Own()\nown.inner = {"app": [app]}\n`],
    ['what was named', `${OWN}${OTHER}app = Other()\nown = Own()\n`, 'own'],
    ['the factory that was named', `${OWN}${OTHER}app = Other()\ndef mine():\n    return Own()\n`, 'mine()'],
    ['what is made when it is started', `${OWN}if __name__ == "__main__":\n    app = Own()\n`],
    [
      'what gets its CORS when it is started',
      `${OWN}${OTHER}app = Other()\nif __name__ == "__main__":\n    app = Own()\n    with_cors = app\n`,
    ],
    [
      'one that listens on a port of its own',
      `${OWN}from wsgiref.simple_server import make_server\nmake_server("0.0.0.0", 5099, _answer).serve_forever()\n`,
    ],
    [
      'one that listens later, in a thread',
      `${OWN}${OTHER}import threading, time\nfrom wsgiref.simple_server import make_server\napp = Other()\ndef late():\n    time.sleep(0.3)\n    make_server("", 5099, _answer).serve_forever()\nthreading.Thread(target=late).start()\n`,
    ],
    [
      'one that listens after a helper in a daemon thread',
      `${OWN}${HELPER}from wsgiref.simple_server import make_server\nmake_server("", 5099, _answer).serve_forever()\n`,
    ],
    ['an app beside a helper in a daemon thread', `${OWN}${HELPER}app = Own()\n`],
    [
      'one that listens in a daemon thread and has nothing else',
      `${OWN}import threading, time\nfrom wsgiref.simple_server import make_server\nthreading.Thread(target=make_server("", 5099, _answer).serve_forever, daemon=True).start()\ntime.sleep(60)\n`,
    ],
    [
      'one that reads PORT, as its main module',
      `${OWN}import os\nfrom wsgiref.simple_server import make_server\nif __name__ == "__main__":\n    make_server("", int(os.environ["PORT"]), _answer).serve_forever()\n`,
    ],
  ] as const)
    test(`should serve ${what}`, async t => {
      if (reason) return t.skip(reason);
      const served = await serve(source, app);
      assert.equal(served.headers.get('access-control-allow-origin'), ORIGIN);
    });

  for (const [what, source, message, app] of [
    [
      'there is no app',
      'config = {}\ndef create_app(config): pass\n',
      /my-app\.py has no app, and listens on no port\. .* where there is: config \(a dict\), create_app \(a function\)\. create_app\(\) was not called: it needs config\. Name its app with --target my-app\.py:NAME/,
    ],
    [
      'there are several',
      `${OTHER}public = Other()\nprivate = Other()\n`,
      /my-app\.py has several apps: public, private\. .* --target my-app\.py:public/,
    ],
    ['the name is wrong', OTHER, /my-app\.py has no nope/, 'nope'],
    ['the name is of something else', 'config = {}', /config is no app: a dict/, 'config'],
    [
      'nothing can serve it',
      'class Other:\n    async def __call__(self, scope, receive, send): pass\napp = Other()\n',
      /is an ASGI app, and no server for it is installed: add --with uvicorn/,
    ],
  ] as const)
    test(`should say what was looked for where ${what}`, async t => {
      if (reason) return t.skip(reason);
      const base = await folderWith({ 'my-app.py': source, [RUNNER]: SERVE_SCRIPT });
      t.after(() => removeFolder(base));
      // Without packages: what this machine has installed for itself is not the script's.
      const command = ['python3', '-I', '-S', RUNNER, 'my-app.py', '{port}', app ?? ''];
      await assert.rejects(startTarget({ command, cwd: '.' }, base), error => {
        assert.ok(error instanceof TargetError);
        assert.match(error.output.join('\n'), message);
        return true;
      });
    });

  const route = (app: string) => `@${app}.get("/")\nasync def home():\n    return "x"\n`;
  const MIDDLEWARE = `Middleware(CORSMiddleware, allow_origins=["${ORIGIN}"])`;
  const STARLETTE =
    'from starlette.applications import Starlette\nfrom starlette.middleware import Middleware\nfrom starlette.middleware.cors import CORSMiddleware\nfrom starlette.responses import PlainTextResponse\nfrom starlette.routing import Route\nasync def home(request):\n    return PlainTextResponse("x")\n';
  /** Real packages: skipped, with the reason, where the index cannot be had. */
  for (const [name, source] of [
    [
      'flask-cors',
      `from flask import Flask\nfrom flask_cors import CORS\ndef create_app():\n    app = Flask(__name__)\n    CORS(app, origins=["${ORIGIN}"])\n    @app.get("/")\n    def home(): return "x"\n    return app\nif __name__ == "__main__":\n    create_app().run(port=5000, debug=True)\n`,
    ],
    [
      'quart-cors',
      `from quart import Quart\nfrom quart_cors import cors\napp = cors(Quart(__name__), allow_origin="${ORIGIN}")\n${route('app')}`,
    ],
    [
      'fastapi',
      `from fastapi import FastAPI\nfrom fastapi.middleware.cors import CORSMiddleware\napi = FastAPI()\n${route('api')}app = CORSMiddleware(app=api, allow_origins=["${ORIGIN}"])\n`,
    ],
    [
      'starlette',
      `${STARLETTE}if __name__ == "__main__":\n    app = Starlette(routes=[Route("/", home)], middleware=[${MIDDLEWARE}])\n`,
    ],
    [
      'asgi-cors',
      `${STARLETTE}from asgi_cors import asgi_cors\nwrapped = asgi_cors(Starlette(routes=[Route("/", home)]), hosts=["${ORIGIN}"])\n`,
    ],
    [
      'connexion[flask]',
      `from connexion import FlaskApp\nfrom connexion.middleware import MiddlewarePosition\nfrom starlette.middleware.cors import CORSMiddleware\nown = FlaskApp(__name__)\nown.add_middleware(CORSMiddleware, position=MiddlewarePosition.BEFORE_EXCEPTION, allow_origins=["${ORIGIN}"])\napp = own.app\n@app.get("/")\ndef home(): return "x"\n`,
    ],
  ] as const)
    test(`should serve what is made with ${name}`, async t => {
      const distribution = name.replace(/\[.*/, '');
      const unreachable = await cannot('python3', '-m', 'pip', 'index', 'versions', distribution);
      if (unreachable) return t.skip(unreachable);
      const base = await folderWith({ 'app.py': source });
      t.after(() => removeFolder(base));
      const release = await installRelease(parsePackage(distribution, 'app.py'), 'latest', {
        script: join(base, 'app.py'),
        others: distribution === name ? [] : [name],
      });
      t.after(() => release.remove());
      const answer = await answerOf(release);
      assert.equal(answer.headers.get('access-control-allow-origin'), ORIGIN);
    });
});
