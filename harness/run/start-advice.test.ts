import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startAdvice } from './start-advice.ts';

test('startAdvice should name the extra of a Python package that is missing', () => {
  assert.equal(
    startAdvice("ModuleNotFoundError: Please install connexion using the 'flask' extra", {
      ecosystem: 'pypi',
      name: 'connexion',
    }),
    "It needs connexion with an extra: add --with 'connexion[flask]'.",
  );
});

test('startAdvice should say which package of Python to choose otherwise', () => {
  const pkg = { ecosystem: 'pypi', name: 'django-cors-headers' } as const;
  const packages = '/cache/venv/lib/python3.11/site-packages';
  const advice = (text: string) => startAdvice(text, pkg);
  assert.equal(
    advice(
      `File "${packages}/corsheaders/checks.py", line 8, in <module>\n  from django.utils import six\nImportError: cannot import name 'six' from 'django.utils' (${packages}/django/utils/__init__.py)`,
    ),
    "It needs another release of django: choose one with --with 'django==VERSION'.",
  );
  assert.equal(
    advice(`ImportError: cannot import name 'x' from 'corsheaders' (${packages}/corsheaders/__init__.py)`),
    'This release of django-cors-headers has no x: the script needs another one.',
  );
  assert.equal(
    advice(
      "ImportError: cannot import name 'Mapping' from 'collections' (/usr/lib/python3.11/collections/__init__.py)",
    ),
    'It needs an older Python, whose collections has Mapping.',
  );
  const traceback = (module: string) =>
    `  File "${packages}/django/core/wsgi.py", line 13, in x\n    return y\n           ^\n  File "${packages}/${module}/signals.py", line 6, in <module>\n    check = Signal(providing_args=[1])\n            ^^^^\nTypeError: unexpected keyword argument`;
  assert.match(
    advice(traceback('corsheaders')),
    /^The error is in django-cors-headers itself: it may need an older/,
  );
  assert.equal(advice(traceback('other')), '');
  assert.equal(
    advice("No module named 'corsheaders'"),
    'It needs the Python module corsheaders: add its package with --with django-cors-headers.',
  );
  assert.match(advice("No module named 'pkg_resources'"), /--with 'setuptools<81'/);
});
