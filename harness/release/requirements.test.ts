import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, test } from 'node:test';
import {
  chooseRequirements,
  distributionOf,
  extrasOf,
  pinnedName,
  pipTrouble,
  readRequirements,
  requiredName,
} from './requirements.ts';

test('distributionOf should know modules that are called otherwise', () => {
  assert.equal(distributionOf('corsheaders'), 'django-cors-headers');
  assert.equal(distributionOf('flask_cors'), 'flask-cors');
  assert.equal(distributionOf('starlette'), 'starlette');
});

test('requiredName and pinnedName should read the name of a requirement', () => {
  for (const [requirement, name, pinned] of [
    ['flask', 'flask', 'flask'],
    ['Flask>=2,<3', 'Flask', 'Flask'],
    ['uvicorn[standard] == 0.30', 'uvicorn', 'uvicorn[standard]'],
    ['mine @ file:///x', 'mine', 'mine'],
    ['a; python_version < "3.8"', 'a', 'a'],
    ['flask-cors~=3.0', 'flask-cors', 'flask-cors'],
  ] as const) {
    assert.equal(requiredName(requirement), name);
    assert.equal(pinnedName(requirement), pinned);
  }
  assert.equal(requiredName('./mine'), null);
});

test('extrasOf should find what a package is needed with', () => {
  assert.equal(
    extrasOf('connexion', ['flask', 'Connexion[flask, uvicorn]>=3', 'connexion[flask]']),
    '[flask,uvicorn]',
  );
  assert.equal(extrasOf('connexion', ['uvicorn[standard]', 'connexion==3']), '');
});

test('readRequirements should include others, and leave out options and editable projects', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'requirements-'));
  try {
    await writeFile(
      join(folder, 'requirements.txt'),
      '# all\n-r base.txt\n--no-binary :all:\n-e .\nflask==2.2.5 \\\n    --hash=sha256:00\n./mine\nx>1 # why\n',
    );
    await writeFile(join(folder, 'base.txt'), 'gunicorn\r\n-r requirements.txt\n');
    assert.deepEqual(readRequirements(join(folder, 'requirements.txt')), [
      'gunicorn',
      'flask==2.2.5',
      join(folder, 'mine'),
      'x>1',
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("chooseRequirements should put the user's in the place of what is needed, without the package itself", () => {
  assert.deepEqual(
    chooseRequirements(
      'flask-cors',
      ['Flask', 'flask_cors>=1', 'uvicorn[standard]'],
      ['flask==2.2.5', './mine'],
    ),
    ['flask==2.2.5', 'uvicorn[standard]', resolve('mine')],
  );
});

describe('pipTrouble', () => {
  test('should find the line that decides and say what to do', () => {
    assert.equal(
      pipTrouble(
        'ERROR: Could not find a version that satisfies the requirement flask-cors==99 (from versions: 1.0)\nERROR: No matching distribution found for flask-cors==99\n',
        'flask-cors',
      ),
      'No matching distribution found for flask-cors==99. See the versions for this Python with: python3 -m pip index versions flask-cors',
    );
    assert.match(
      pipTrouble(
        'ERROR: Cannot install fastapi==0.1 and starlette==0.26.1 because these package versions have conflicting dependencies.\n\nERROR: ResolutionImpossible: for help visit x',
        'starlette',
      ),
      /^Cannot install fastapi==0\.1 and .* conflicting dependencies\. Choose the other packages with --with/,
    );
    assert.match(
      pipTrouble(
        'ERROR: Could not find a version that satisfies the requirement x==1 (from versions: none)\nERROR: No matching distribution found for x==1',
        'x',
      ),
      /The index does not know x for this Python, or cannot be reached/,
    );
    assert.match(
      pipTrouble(
        'WARNING: Retrying after connection broken by NewConnectionError: Temporary failure in name resolution\nERROR: No matching distribution found for x',
        'x',
      ),
      /The index cannot be reached/,
    );
  });
});
