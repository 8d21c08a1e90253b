import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pythonServer } from './python-server.ts';

test('pythonServer should say where the script runs, and what serves what it makes', () => {
  for (const [modules, source, needs] of [
    [['flask', 'flask_cors'], 'app = Flask(__name__)', []],
    [['quart', 'quart_cors'], 'app = cors(Quart(__name__))', ['uvicorn']],
    [['fastapi'], 'app = FastAPI()', ['uvicorn']],
    [['fastapi', 'uvicorn'], 'uvicorn.run(app)', []],
    [['fastapi', 'hypercorn'], 'asyncio.run(serve(app, Config()))', []],
    [['falcon'], 'app = falcon.App()', []],
    [['falcon'], 'app = falcon.asgi.App()', ['uvicorn']],
    [['django'], 'application = get_asgi_application()', []],
    [['django'], 'from django.core.asgi import get_asgi_application', ['uvicorn']],
  ] as const) {
    const server = pythonServer('app.py', source, modules, 'make');
    assert.deepEqual(server.needs, needs, source);
    assert.deepEqual(server.args.slice(1), ['app.py', '{port}', 'make']);
  }
});
