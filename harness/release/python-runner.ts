/**
 * The program that runs a Python script's server: it loads the script and looks at what is there, instead of guessing
 * from its text. A script that listens by itself is left to it, on PORT.
 * Longer than other files: it is one program, which is copied beside the script as one file.
 */

/** What may serve an ASGI app; the first is installed if the script brings none along. */
export const ASGI_SERVERS = ['uvicorn', 'hypercorn'] as const;

/** The name of the file in which it lies beside the script. */
export const RUNNER = 'cors_conformance_serve.py';

/**
 * Arguments: the script, the port, and the name of its app, empty if it is to be found. A script that reads PORT or its
 * arguments runs as the main module; another one is imported, and is run as the main module only if that makes no app.
 */
export const SERVE_SCRIPT = String.raw`
import ast, asyncio, importlib.util, inspect, os, re, socket, sys, threading, time, types

script, port, wanted, as_main = os.path.abspath(sys.argv[1]), int(sys.argv[2]), sys.argv[3], len(sys.argv) > 4
shown = os.path.basename(script)
PREFERRED = ['app', 'application', 'asgi', 'wsgi', 'asgi_app', 'wsgi_app', 'api', 'server', 'main']
FACTORY = re.compile(r'^(create|make|build|get|init|setup)_(\w+_)?(app|application|api|server)$|^(app|application|api|asgi|wsgi)(_factory)?$|^factory$')
# Parts of apps, which answer requests themselves: taken only if there is nothing else.
PARTS = re.compile(r'Router|Response|StaticFiles|Route$|Mount|Blueprint|HTTPException|LocalProxy')
KINDS = 'an ASGI app (called with scope, receive, send), a WSGI app (environ, start_response), an Application of aiohttp or Tornado'
own, moved, listeners = threading.Event(), [], []
bind = socket.socket.bind

def move(one, to):
    """Another socket takes the place of a listening one, for whoever holds that."""
    other = socket.socket(one.family, socket.SOCK_STREAM)
    other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bind(other, (one.getsockname()[0], to))
    other.listen(128)
    os.set_blocking(other.fileno(), one.gettimeout() is None)
    os.dup2(other.fileno(), one.fileno())
    other.close()

def set_aside(one):
    """What listened first runs beside the main program, as metrics do: the port is for what listens next, if anything does."""
    move(one, 0)
    moved.clear()
    own.clear()
    def back():
        if not own.is_set():
            move(one, port)
    timer = threading.Timer(2, back)
    timer.daemon = True
    timer.start()

start_thread = threading.Thread.start

def start_here(self):
    served = getattr(getattr(self, '_target', None), '__self__', None)
    one = getattr(served, 'socket', None)
    if self.daemon and os.name == 'posix' and any(one is listener for listener in listeners):
        listeners.clear()
        set_aside(one)
    return start_thread(self)

def place(one, address):
    """Where a socket is to listen instead: the script's first port becomes ours."""
    if one.family not in (socket.AF_INET, socket.AF_INET6) or one.type != socket.SOCK_STREAM or not isinstance(address, tuple):
        return address
    asked = int(address[1])
    if asked not in (0, port) and (asked in moved or not own.is_set()):
        moved.append(asked)
        listeners.append(one)
        address = ('127.0.0.1' if one.family == socket.AF_INET else '::1', port, *address[2:])
    if int(address[1]) == port:
        own.set()
    return address

def bind_here(self, address):
    return bind(self, place(self, address))

def bind_in_gevent():
    """Its sockets bind without Python's."""
    try:
        from gevent.socket import socket as green
        green.bind = lambda self, address: self._sock.bind(place(self, address))
    except (ImportError, TypeError):
        pass

def fail(text):
    sys.stdout.flush()
    print('AppError: ' + text, file=sys.stderr)
    sys.exit(1)

def interface(value, name=''):
    kind = type(value)
    if inspect.isclass(value) or inspect.ismodule(value) or not callable(value):
        return None
    root = kind.__module__.split('.')[0]
    for base in kind.__mro__:
        if base.__module__ + '.' + base.__name__ in ('aiohttp.web_app.Application', 'tornado.web.Application'):
            return base.__module__.split('.')[0]
    is_function = inspect.isroutine(value)
    try:
        call = value if is_function else kind.__call__
        needed = [one for one in inspect.signature(call, follow_wrapped=False).parameters.values() if one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)]
    except (TypeError, ValueError):
        return None
    names = [one.name.lower() for one in (needed if is_function or inspect.ismethod(call) else needed[1:])]
    if len(names) >= 3 and 'scope' in names[0] and ('send' in names[2] or 'rec' in names[1]) or names == ['scope']:
        return 'asgi'
    if len(names) >= 2 and ('env' in names[0] or 'start' in names[1]):
        return 'wsgi'
    if name in PREFERRED and len(names) == 3 and inspect.iscoroutinefunction(call):
        return 'asgi'
    return None

def is_part(value):
    return any(PARTS.search(base.__name__) for base in type(value).__mro__)

def inside(value):
    try:
        found = list(vars(value).values())
    except Exception:
        found = []
    if isinstance(value, dict):
        found += value.values()
    elif isinstance(value, (list, tuple, set, frozenset)):
        found += value
    for cell in getattr(value, '__closure__', None) or () if inspect.isfunction(value) else ():
        try:
            found.append(cell.cell_contents)
        except ValueError:
            pass
    if inspect.ismethod(value):
        found.append(value.__self__)
    return found

def reached(value):
    """How far away each object is that it holds, by id."""
    seen, queue, depths = {id(value): value}, [(value, 0)], {}
    while queue and len(seen) < 20000:
        one, depth = queue.pop(0)
        for part in inside(one) if depth < 8 else ():
            if id(part) in seen or isinstance(part, (str, bytes, int, float, type(None))) or inspect.isclass(part) or inspect.ismodule(part):
                continue
            seen[id(part)] = part
            depths[id(part)] = depth + 1
            queue.append((part, depth + 1))
    return depths

def order(name):
    return PREFERRED.index(name) if name in PREFERRED else len(PREFERRED)

def find(names):
    apps = {}
    for name in sorted(names, key=order):
        value = names[name]
        if not name.startswith('_') and interface(value, name) and all(value is not one for one in apps.values()):
            apps[name] = value
    apps = {name: value for name, value in apps.items() if not is_part(value)} or apps
    if len(apps) > 1:
        below = {name: reached(value) for name, value in apps.items()}
        far = 1000
        # What wraps or mounts the others is the one to serve. Of two that know each other, it is the one that is nearer to the other.
        outer = {name: value for name, value in apps.items() if not any(below[other].get(id(value), far) < below[name].get(id(apps[other]), far) for other in apps)}
        apps = outer or apps
    first = [name for name in apps if name in PREFERRED]
    if len(apps) > 1 and not first:
        fail(shown + ' has several apps: ' + ', '.join(apps) + '. Say which one is to be served: --target ' + shown + ':' + list(apps)[0])
    return next(((name, apps[name]) for name in [*first, *apps]), None)

def made_by(name, factory):
    needs = [one.name for one in inspect.signature(factory).parameters.values() if one.default is one.empty and one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)]
    if needs:
        return None, name + '() was not called: it needs ' + ', '.join(needs)
    made = factory()
    made = asyncio.run(made) if inspect.iscoroutine(made) else made
    return (made, None) if interface(made, 'app') else (None, name + '() makes no app: ' + article(type(made).__name__))

def article(kind):
    return ('an ' if kind[:1].lower() in 'aeiou' else 'a ') + kind

def factories(names):
    return {name: value for name, value in sorted(names.items(), key=lambda one: order(one[0])) if FACTORY.match(name) and inspect.isfunction(value)}

def named(names):
    first, *rest = wanted.removesuffix('()').split('.')
    if first not in names:
        return None
    value = names[first]
    for part in rest:
        value = getattr(value, part)
    if interface(value, 'app'):
        return value
    made, why = made_by(wanted, value) if inspect.isroutine(value) else (None, wanted + ' is no app: ' + article(type(value).__name__))
    if why:
        fail(shown + ': ' + why + '. Looked for ' + KINDS + ', or a function without arguments that makes one.')
    return made

def missing(names, whys):
    seen = [name + ' (' + article(type(value).__name__) + ')' for name, value in names.items() if not name.startswith('_') and not inspect.ismodule(value) and not inspect.isclass(value)]
    fail(' '.join([
        shown + ' has no ' + (wanted if wanted else 'app') + ', and listens on no port.',
        'Looked for ' + KINDS + ', or a function like create_app() that makes one, at its top level, where there is: ' + (', '.join(seen[:12]) or 'nothing') + (' ...' if len(seen) > 12 else '') + '.',
        *[why + '.' for why in whys],
        'Name its app with --target ' + shown + ':NAME, make one there (app = create_app(...)), or listen on the port in PORT.',
    ]))

def goes_on():
    return any(not one.daemon for one in threading.enumerate() if one is not threading.main_thread())

def serve(app):
    # A thread of its own may be about to listen.
    until = time.time() + (3 if goes_on() else 0)
    while time.time() < until and not own.is_set():
        time.sleep(0.02)
    if own.is_set():
        return
    kind = interface(app, 'app')
    if kind == 'asgi':
        serve_asgi(app)
    elif kind == 'aiohttp':
        from aiohttp import web
        web.run_app(app, host='127.0.0.1', port=port, print=None)
    elif kind == 'tornado':
        async def forever():
            app.listen(port, '127.0.0.1')
            await asyncio.Event().wait()
        asyncio.run(forever())
    elif 'werkzeug' in sys.modules:
        from werkzeug.serving import run_simple
        run_simple('127.0.0.1', port, app, threaded=True)
    else:
        from wsgiref.simple_server import make_server
        make_server('127.0.0.1', port, app).serve_forever()

def serve_asgi(app):
    if importlib.util.find_spec('uvicorn'):
        import uvicorn
        uvicorn.run(app, host='127.0.0.1', port=port, log_level='warning')
    elif importlib.util.find_spec('hypercorn'):
        from hypercorn.asyncio import serve as run
        from hypercorn.config import Config
        config = Config()
        config.bind = ['127.0.0.1:' + str(port)]
        asyncio.run(run(app, config))
    else:
        fail('the app of ' + shown + ' is an ASGI app, and no server for it is installed: add --with uvicorn.')

def mentions(tree, text):
    return re.search(text, ast.dump(tree), re.I) is not None

def guards(tree):
    return [node for node in tree.body if isinstance(node, ast.If) and '__name__' in ast.dump(node.test)]

def is_for_main(tree):
    # It asks where it is to listen, or its app answers CORS only if it is started.
    return mentions(tree, "value='PORT'|attr='argv'|name='argv'") or any(mentions(one, 'cors|middleware') for one in guards(tree))

def load(name):
    module = types.ModuleType(name)
    module.__file__ = script
    sys.modules[name] = module
    exec(compile(tree, script, 'exec'), module.__dict__)
    return module.__dict__

sys.argv[:] = [script, str(port)]
sys.path[0] = os.path.dirname(script)
with open(script, 'rb') as source:
    tree = ast.parse(source.read(), script)
if mentions(tree, "'flask'"):
    # As "flask run" does it: the variables in .env and .flaskenv.
    try:
        from flask.cli import load_dotenv
        load_dotenv()
    except ImportError:
        pass
if not mentions(tree, "'uvloop'"):
    # It binds without Python: servers that would take it go on without it.
    sys.modules['uvloop'] = None
socket.socket.bind = bind_here
threading.Thread.start = start_here
if mentions(tree, "gevent"):
    bind_in_gevent()
as_main = as_main or not wanted and is_for_main(tree)
runner = sys.modules['__main__']
names = load('__main__' if as_main else re.sub(r'\W', '_', os.path.splitext(shown)[0]))
if wanted:
    app, whys = named(names), []
else:
    found = find(names)
    app, whys = found[1] if found else None, []
    for name, factory in factories(names).items() if app is None else ():
        app, why = made_by(name, factory)
        whys += [why] if why else []
        if app is not None:
            break
if app is not None:
    serve(app)
elif goes_on():
    pass
elif not as_main and guards(tree):
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:], 'main'])
else:
    missing(names, whys)
`;
