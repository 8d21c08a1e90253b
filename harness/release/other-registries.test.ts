import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cargoTrouble, withSource } from './cargo.ts';
import { versionsIn } from './cargo-versions.ts';
import { coordinatesOf, mavenTrouble, withVersion } from './maven.ts';
import { listedVersions } from './maven-versions.ts';

describe('crates', () => {
  test('should replace the source of a dependency, and keep its features', () => {
    const manifest =
      '[dependencies]\naxum = "0.7"\ntower-http = { version = "0.5", features = ["cors", "fs"] }\n';
    const release = { kind: 'registry', version: '0.6.1' } as const;
    assert.match(
      withSource(manifest, 'tower-http', release),
      /^tower-http = \{ version = "=0\.6\.1", features = \["cors", "fs"\] \}$/m,
    );
    assert.match(
      withSource(manifest, 'axum', { ...release, version: '0.8' }),
      /^axum = \{ version = "0\.8" \}$/m,
    );
    const folder = { kind: 'folder', folder: '/x/axum', checkout: '/x/axum', ours: false } as const;
    assert.match(withSource(manifest, 'axum', folder), /^axum = \{ path = "\/x\/axum" \}$/m);
  });

  test('should replace it also where a dependency is a table, or a line for each field', () => {
    const release = { kind: 'registry', version: '0.6.1' } as const;
    const table =
      '[dependencies]\naxum = "0.7"\n\n[dependencies.tower-http]\nversion = "0.5"\nfeatures = ["cors"]\n\n[profile.dev]\n';
    assert.equal(
      withSource(table, 'tower-http', release),
      table.replace('version = "0.5"', 'version = "=0.6.1"'),
    );
    const lines =
      '[dependencies]\ntower-http.version = "0.5"\ntower-http.features = ["cors"]\naxum = "0.7"\n';
    assert.equal(
      withSource(lines, 'tower-http', release),
      '[dependencies]\ntower-http = { version = "=0.6.1", features = ["cors"] }\naxum = "0.7"\n',
    );
  });

  test('should read the versions of the index, without the withdrawn ones', () => {
    const entry = (vers: string, yanked: boolean) => JSON.stringify({ name: 'a', vers, yanked });
    assert.deepEqual(versionsIn(`\x03\0${entry('1.0.0', false)}\x001.0.1\0${entry('1.0.1', true)}\0`), [
      '1.0.0',
    ]);
  });

  test('should say what Cargo says is wrong', () => {
    const stderr =
      'error: failed to select a version for the requirement `a = "^9"`\ncandidate versions found: 1.0.0\n';
    assert.match(
      cargoTrouble({ stderr }),
      /^failed to select a version .* candidate versions found: 1\.0\.0/,
    );
  });
});

describe('Maven artifacts', () => {
  const dependency = (version: string) =>
    `<dependency>\n  <groupId>org.a</groupId>\n  <artifactId>web</artifactId>\n${version}</dependency>`;
  const pom = (inner: string) => `<project>\n<dependencies>${inner}</dependencies>\n</project>\n`;

  test('should put the version where the artifact stands, or manage it', () => {
    const stated = withVersion(pom(dependency('<version>1.0</version>')), 'org.a:web', '2.0');
    assert.match(stated, /<artifactId>web<\/artifactId>\s*<version>2\.0<\/version>/);
    assert.doesNotMatch(stated, /1\.0/);
    assert.match(withVersion(pom(dependency('')), 'org.a:web', '2.0'), /<version>2\.0<\/version>/);
    assert.match(
      withVersion(pom(''), 'org.a:core', '2.0'),
      /<dependencyManagement>.*<artifactId>core<\/artifactId><version>2\.0<\/version>/s,
    );
  });

  test('should read coordinates from the path of an archive, and versions from the list', () => {
    assert.deepEqual(coordinatesOf('/root/.m2/repository/org/a/web/1.2.3/web-1.2.3.jar'), [
      ['org.a:web', '1.2.3'],
    ]);
    assert.deepEqual(coordinatesOf('/opt/web.jar'), []);
    assert.deepEqual(listedVersions('<versions><version>1.0</version> <version>1.1</version></versions>'), [
      '1.0',
      '1.1',
    ]);
  });

  test('should say what Maven says is wrong, and nothing of how it got there', () => {
    const stdout =
      '\x1b[0m[ERROR] Failed to execute goal on project server: Could not resolve dependencies for project a:b:jar:1: Failed to collect dependencies at c:d:jar:4 -> e:f:jar:6.0.1: Failed to read artifact descriptor for e:f:jar:6.0.1: Could not transfer artifact e:f:pom:6.0.1 from/to central: Connection refused -> [Help 1]\x1b[0m\n';
    assert.equal(
      mavenTrouble({ stdout, stderr: '' }),
      "Could not transfer artifact e:f:pom:6.0.1 from/to central: Connection refused. The registry cannot be reached: check the network and Maven's settings.",
    );
  });
});
