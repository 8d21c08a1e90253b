/** What only Python itself can say about Python: programs for `python -c`, each of which prints one line of JSON. */

export interface PythonScript {
  /** Absolute paths: the script, the local modules that it imports or names, and other files that it names. */
  readonly files: readonly string[];
  /** The top-level modules that these import, without local ones and the standard library's. */
  readonly modules: readonly string[];
  /** The first parts of dotted names that stand in strings: "corsheaders" of "corsheaders.middleware". */
  readonly mentioned: readonly string[];
}

/** Argument: the script. */
export const READ_SCRIPT = `
import ast, json, os, re, sys
if sys.version_info < (3, 10):
    sys.exit('Python 3.10 or later is needed')
script = os.path.abspath(sys.argv[1])
home = os.path.dirname(script)
files, modules, mentioned, queue = [], set(), set(), [script]

def local(name):
    path = os.path.join(home, name)
    if os.path.isfile(path + '.py'):
        return [path + '.py']
    if not os.path.isdir(path):
        return []
    found = []
    for folder, folders, names in os.walk(path):
        folders[:] = [one for one in folders if one[0] != '.' and one not in ('__pycache__', 'node_modules')]
        found += [os.path.join(folder, one) for one in names if not one.endswith('.pyc')]
    return found if any(one.endswith('.py') for one in found) else []

def use(name):
    found = local(name)
    if found:
        queue.extend(found)
    elif name not in sys.stdlib_module_names:
        modules.add(name)

while queue:
    file = queue.pop()
    if file in files or os.path.getsize(file) > 1048576 or len(files) > 2000:
        continue
    files.append(file)
    if not file.endswith('.py'):
        continue
    with open(file, 'rb') as source:
        tree = ast.parse(source.read(), file)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for one in node.names:
                use(one.name.split('.')[0])
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            use(node.module.split('.')[0])
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and 0 < len(node.value) < 200:
            text = node.value
            if re.fullmatch(r'[A-Za-z_]\\w*([.:][A-Za-z_]\\w*)*', text):
                first = re.split('[.:]', text)[0]
                mentioned.add(first)
                if first != text:
                    queue.extend(local(first))
            path = os.path.normpath(os.path.join(home, text))
            if path.startswith(home + os.sep) and os.path.isfile(path):
                queue.append(path)
print(json.dumps({'files': files, 'modules': sorted(modules), 'mentioned': sorted(mentioned)}))
`;

export interface PythonInstalled {
  /** By the names that were asked for; absent is what is not installed. */
  readonly versions: Readonly<Record<string, string>>;
  /** The top-level modules of the first of them. */
  readonly provides: readonly string[];
  /** The packages that depend on it. */
  readonly neededBy: readonly string[];
  /** Every installed package with its version. */
  readonly all: Readonly<Record<string, string>>;
}

/** Arguments: names of distributions, the one that is compared first. What was not had from a registry has its URL for a version. */
export const READ_INSTALLED = `
import importlib.metadata as meta, json, re, sys
plain = lambda name: re.sub('[-_.]+', '-', name).lower()
required = lambda text: plain(re.match('[A-Za-z0-9._-]*', text.strip()).group())
versions = {}
for name in sys.argv[1:]:
    try:
        found = meta.distribution(name)
    except meta.PackageNotFoundError:
        continue
    direct = found.read_text('direct_url.json')
    versions[name] = json.loads(direct)['url'] if direct and name != sys.argv[1] else found.version
provides, needed = set(), set()
if sys.argv[1] in versions:
    for file in meta.distribution(sys.argv[1]).files or []:
        first = file.parts[0]
        if first.endswith('.py') or (len(file.parts) > 1 and re.fullmatch('[A-Za-z_][A-Za-z0-9_]*', first)):
            provides.add(re.sub('[.].*', '', first))
for one in meta.distributions():
    if any(required(text) == plain(sys.argv[1]) for text in one.requires or []):
        needed.add(one.metadata['Name'])
asked = {plain(name): name for name in sys.argv[1:]}
named = lambda one: plain(one.metadata['Name'] or '')
every = {asked.get(named(one), named(one)): one.version for one in meta.distributions() if named(one) not in ('', 'pip', 'setuptools')}
print(json.dumps({'versions': versions, 'provides': sorted(provides), 'neededBy': sorted(needed), 'all': every}))
`;
