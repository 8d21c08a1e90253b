import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { answerOf, cannot, folderWith, removeFolder } from './install.test-support.ts';
import { installRelease } from './install.ts';
import { parsePackage, pinned } from './package.ts';
import { ReleaseError } from './types.ts';
import { between, versionsOf } from './versions.ts';

/** What was installed beside the first release goes with the second one too. */
function assertBeside(
  exact: readonly string[],
  others: readonly string[],
  { beside, second }: { readonly beside: RegExp | null; readonly second: boolean },
): void {
  if (!beside) return;
  assert.match(exact.join(), beside);
  if (second) assert.deepEqual(exact, others);
}

/** Real releases: each of these is skipped, with its reason, where its registry or its tools cannot be had. */
describe('installing from a registry', { timeout: 300_000 }, () => {
  let folder: string;
  before(async () => {
    folder = await folderWith({
      'server.mjs':
        "import express from 'express'; import cors from 'cors'; const app = express(); app.use(cors({ origin: 'https://app.example.com' })); export default app;",
      'server.py':
        'import os\nfrom flask import Flask\nfrom flask_cors import CORS\n\napp = Flask(__name__)\nCORS(app, origins=["https://app.example.com"])\n\n\n@app.get("/")\ndef home():\n    return "x"\n\n\napp.run(port=int(os.environ["PORT"]))\n',
      'main.go':
        'package main\n\nimport (\n\t"net/http"\n\t"os"\n\n\t"github.com/rs/cors"\n)\n\nfunc main() {\n\tok := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {})\n\thttp.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), cors.New(cors.Options{AllowedOrigins: []string{"https://app.example.com"}}).Handler(ok))\n}\n',
    });
  });
  after(() => removeFolder(folder));

  for (const one of [
    {
      name: 'npm:cors',
      script: 'server.mjs',
      from: '2.8.4',
      to: '2.8.5',
      steps: ['2.8.5'],
      others: ['express@4'],
      beside: /^express@4\.\d+\.\d+$/,
      probe: ['npm', 'view', 'cors', 'version'],
      missing: /No match(?:ing version)? found for .*99\.0\.0/,
    },
    {
      name: 'pypi:flask-cors',
      script: 'server.py',
      from: '3.0.10',
      to: '4.0.0',
      steps: ['4.0.0'],
      others: [],
      beside: /^flask==\d+\.\d+\.\d+$/,
      probe: ['python3', '-m', 'pip', 'index', 'versions', 'flask-cors'],
      missing: /No matching distribution found for flask-cors==99\.0\.0/,
    },
    {
      name: 'go:github.com/rs/cors',
      script: 'main.go',
      from: 'v1.7.0',
      to: 'v1.11.1',
      steps: ['v1.8.0', 'v1.9.0', 'v1.11.0', 'v1.11.1'],
      others: [],
      beside: null,
      probe: ['go', 'list', '-m', '-versions', 'github.com/rs/cors'],
      missing: /cannot build.*99\.0\.0/s,
    },
  ])
    test(`should install two releases of ${one.name} apart, and start the script on each`, async t => {
      const [program = '', ...args] = one.probe;
      const reason = await cannot(program, ...args);
      if (reason) return t.skip(reason);
      const pkg = parsePackage(one.name, one.script);
      const later = between(await versionsOf(pkg), one.from, one.to);
      // Mirrors have gaps: these are some of them, in their order.
      assert.deepEqual(
        later.filter(version => one.steps.includes(version)),
        one.steps,
      );
      const script = join(folder, one.script);
      let others: readonly string[] = one.others;
      for (const version of [one.from, one.to]) {
        const release = await installRelease(pkg, version, { script, others });
        try {
          assert.equal(release.version, version);
          const exact = pinned(release, pkg);
          assertBeside(exact, others, { beside: one.beside, second: version === one.to });
          others = exact;
          const answer = await answerOf(release);
          assert.equal(answer.headers.get('access-control-allow-origin'), 'https://app.example.com');
        } finally {
          await release.remove();
        }
      }
      await assert.rejects(installRelease(pkg, '99.0.0', { script, others }), error => {
        assert.ok(error instanceof ReleaseError);
        assert.match(error.message, one.missing);
        return true;
      });
    });
});
