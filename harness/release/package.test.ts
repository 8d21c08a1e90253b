import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { describe, test } from 'node:test';
import { isPath, localPath, parsePackage, parsePackages, pinned } from './package.ts';
import { ReleaseError } from './types.ts';

describe('parsePackage', () => {
  test('should read the registry from the prefix, else from the script', () => {
    assert.deepEqual(parsePackage('npm:cors', 'a.py'), { ecosystem: 'npm', name: 'cors' });
    assert.deepEqual(parsePackage('pypi:flask-cors', 'a.ts'), { ecosystem: 'pypi', name: 'flask-cors' });
    assert.deepEqual(parsePackage('pip:flask_cors', 'a.ts'), { ecosystem: 'pypi', name: 'flask_cors' });
    assert.deepEqual(parsePackage('go:github.com/rs/cors', 'a.ts'), {
      ecosystem: 'go',
      name: 'github.com/rs/cors',
    });
    for (const [script, ecosystem] of [
      ['server.py', 'pypi'],
      ['server.mjs', 'npm'],
      ['server.TS', 'npm'],
      ['server', 'npm'],
    ] as const)
      assert.equal(parsePackage('cors', script).ecosystem, ecosystem);
    assert.equal(parsePackage('github.com/go-chi/cors/v2', 'main.go').ecosystem, 'go');
    assert.equal(parsePackage('@fastify/cors', 'a.js').name, '@fastify/cors');
  });

  test('should refuse what names no package', () => {
    for (const [text, script, message] of [
      ['', 'a.js', /is not a valid npm package name; for example npm:@fastify\/cors/],
      ['../cors', 'a.js', /not a valid/],
      ['@fastify', 'a.js', /not a valid/],
      ['a b', 'a.js', /not a valid/],
      ['-g', 'a.py', /not a valid PyPI package name/],
      ['cors', 'main.go', /not a valid Go module name; for example go:github\.com\/rs\/cors/],
      ['cors@2.8.5', 'a.js', /give the version as a separate argument: cors 2\.8\.5/],
      ['gem:rack-cors', 'a.js', /there is no registry "gem"/],
    ] as const)
      assert.throws(
        () => parsePackage(text, script),
        (error: Error) => {
          assert.ok(error instanceof ReleaseError, text);
          assert.match(error.message, message);
          return true;
        },
      );
  });
});

describe('parsePackages', () => {
  test('should take the first for the package, and move the others along', () => {
    assert.deepEqual(parsePackages('@nestjs/core,@nestjs/common', 'a.ts'), {
      pkg: { ecosystem: 'npm', name: '@nestjs/core' },
      along: ['@nestjs/common'],
    });
    assert.deepEqual(parsePackages('maven:org.springframework:spring-web', 'A.java').pkg, {
      ecosystem: 'maven',
      name: 'org.springframework:spring-web',
    });
    assert.equal(parsePackages('tower-http', 'src/main.rs').pkg.ecosystem, 'cargo');
    assert.throws(() => parsePackages('cors,pypi:flask', 'a.js'), /not of the same registry/);
  });
});

describe('isPath', () => {
  test('should tell what lies on this machine from versions', () => {
    for (const path of [
      '.',
      '..',
      './cors',
      '../cors',
      '/abs',
      'file:../x',
      'C:\\x',
      'a.tgz',
      'b.whl',
      'c.tar.gz',
    ])
      assert.ok(isPath(path), path);
    for (const version of ['1.0.0', 'v1.0.0', '^2', 'latest', '1.0.0-rc.1', '4', '*', '6.0.0.dev1'])
      assert.ok(!isPath(version), version);
    assert.equal(localPath('./cors'), resolve('cors'));
    assert.equal(localPath('file:cors'), resolve('cors'));
    assert.equal(localPath('file:///abs/cors'), '/abs/cors');
  });
});

describe('pinned', () => {
  test('should name exact versions as the package manager takes them', () => {
    const others = { fastify: '5.0.0', 'h3-v1': 'npm:h3@1.15.11' };
    assert.deepEqual(pinned({ others }, { ecosystem: 'npm', name: 'cors' }), [
      'fastify@5.0.0',
      'h3-v1@npm:h3@1.15.11',
    ]);
    const python = { flask: '2.2.5', 'uvicorn[standard]': '0.30.0', mine: 'file:///x/mine' };
    assert.deepEqual(pinned({ others: python }, { ecosystem: 'pypi', name: 'flask-cors' }), [
      'flask==2.2.5',
      'uvicorn[standard]==0.30.0',
      'mine @ file:///x/mine',
    ]);
    assert.deepEqual(
      pinned({ others: { 'github.com/gin-gonic/gin': 'v1.9.0' } }, { ecosystem: 'go', name: 'x.y/z' }),
      ['github.com/gin-gonic/gin@v1.9.0'],
    );
  });
});
