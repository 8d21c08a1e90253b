import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { describe, test } from 'node:test';
import { manifestFor, npmTrouble } from './npm-manifest.ts';

const manifest = (options: Partial<Parameters<typeof manifestFor>[0]>) =>
  manifestFor({
    name: 'cors',
    spec: '2.8.5',
    imported: ['cors', 'express'],
    others: [],
    own: {},
    home: '/home/project',
    ...options,
  });

describe('manifestFor', () => {
  test('should take what the user asks for, else the own range, else anything', () => {
    const own = {
      type: 'module',
      dependencies: { express: '^4.0.0', cors: '^1.0.0' },
      devDependencies: { koa: '2.x', express: '^3.0.0' },
      peerDependencies: { hono: '>=4' },
    };
    assert.deepEqual(
      manifest({
        imported: ['cors', 'express', 'koa', 'hono', 'h3'],
        others: ['koa@3.0.0', 'left-pad', '@a/b@1'],
        own,
      }),
      {
        private: true,
        type: 'module',
        dependencies: {
          cors: '2.8.5',
          express: '^4.0.0',
          koa: '3.0.0',
          hono: '>=4',
          h3: '*',
          'left-pad': 'latest',
          '@a/b': '1',
        },
      },
    );
  });

  test('should override the release that another package brings along', () => {
    assert.deepEqual(manifest({ imported: ['@nestjs/core'], others: ['@nestjs/core@10'] }), {
      private: true,
      dependencies: { '@nestjs/core': '10', '@nestjs/platform-express': '10', cors: '2.8.5' },
      overrides: { cors: '$cors' },
    });
  });

  test('should keep the meaning of paths', () => {
    const own = { name: 'project', dependencies: { near: 'file:../near', inside: 'workspace:*' } };
    const { dependencies } = manifest({
      spec: `file:${resolve('cors')}`,
      imported: ['cors', 'near', 'inside', 'project'],
      own,
    });
    assert.deepEqual(dependencies, {
      cors: `file:${resolve('cors')}`,
      near: `file:${resolve('/home/near')}`,
      inside: '*',
      project: 'file:/home/project',
    });
  });

  test('should refuse what names no package', () => {
    for (const other of ['./folder', 'a b', '@'])
      assert.throws(() => manifest({ others: [other] }), /--with .*: write NAME or NAME@VERSION/);
  });
});

describe('npmTrouble', () => {
  test('should find the line that decides and say what to do', () => {
    for (const [lines, expected] of [
      [
        [
          'code ETARGET',
          'notarget No matching version found for cors@99.',
          'notarget In most cases you or one of …',
        ],
        'ETARGET: No matching version found for cors@99. See its versions with: npm view cors versions',
      ],
      [
        [
          'code E404',
          '404 Not Found - GET https://registry.example/corz',
          '404',
          "404  'corz@*' is not in this registry.",
        ],
        "E404: 'corz@*' is not in this registry. Check the names of the packages.",
      ],
      [
        [
          'code ERESOLVE',
          'ERESOLVE unable to resolve dependency tree',
          '',
          'Found: hono@3.12.0',
          'node_modules/hono',
          '  hono@"3.12.0" from the root project',
          '',
          'Could not resolve dependency:',
          'peer hono@"^4" from @hono/node-server@1.19.19',
        ],
        'ERESOLVE: Found: hono@3.12.0; peer hono@"^4" from @hono/node-server@1.19.19. Choose the other packages with --with, for example --with @hono/node-server@VERSION.',
      ],
      [
        ['code ENOTFOUND', 'syscall getaddrinfo', 'errno ENOTFOUND', 'network request failed'],
        "ENOTFOUND: network request failed. The registry cannot be reached: check the network and npm's settings.",
      ],
    ] as const)
      for (const prefix of ['npm error', 'npm ERR!'])
        assert.equal(npmTrouble(lines.map(line => `${prefix} ${line}`).join('\n'), 'cors'), expected);
    assert.equal(npmTrouble('something else\nbroke', 'cors'), 'broke.');
  });
});
