import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { pythonServer } from './python-server.ts';

const argsOf = (source: string, ...modules: string[]) =>
  pythonServer('app.py', source, modules).args.join(' ');

describe('pythonServer', () => {
  test('should leave a script that serves to itself', () => {
    const itself = 'app.py {port}';
    assert.equal(argsOf('app = Flask(__name__)\napp.run(port=5000)', 'flask'), itself);
    assert.equal(argsOf('app = FastAPI()\nuvicorn.run(app)', 'fastapi', 'uvicorn'), itself);
    assert.equal(argsOf('app = FastAPI()\nmain(os.environ["PORT"])', 'fastapi'), itself);
    assert.equal(argsOf('make_server("127.0.0.1", 1, application).serve_forever()', 'django'), itself);
    assert.equal(argsOf('print("nothing to serve")', 'flask'), itself);
  });

  test("should serve an app by its framework's usual server", () => {
    const asgi = pythonServer('main.py', 'api: FastAPI = FastAPI(title="x")  # uvicorn.run(api)', [
      'fastapi',
    ]);
    assert.deepEqual(asgi.needs, ['uvicorn']);
    assert.equal(asgi.args.slice(0, 3).join(' '), '-m uvicorn main:api');
    assert.ok(asgi.args.includes('{port}'));
    assert.match(
      argsOf('import starlette.applications as s\napp = s.Starlette()', 'starlette'),
      /^-m uvicorn app:app/,
    );
    assert.match(
      argsOf('app = Flask(__name__)\n@app.route("/")\ndef x(): return ""', 'flask'),
      /^-m flask --app app:app run --host 127\.0\.0\.1 --port \{port\}$/,
    );
  });

  test('should serve a WSGI app by what Python has on board', () => {
    assert.match(argsOf('app = falcon.App(middleware=x)', 'falcon'), /^-c .*wsgiref.* \{port\} app app$/s);
    assert.match(argsOf('application = get_wsgi_application()', 'django'), /\{port\} app application$/);
    assert.match(argsOf('api = bottle.Bottle()', 'bottle'), /\{port\} app api$/);
    assert.match(argsOf('app = falcon.asgi.App()', 'falcon'), /^-m uvicorn app:app/);
    assert.equal(argsOf('app = App()', 'tkinter'), 'app.py {port}');
  });
});
