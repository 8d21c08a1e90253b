import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { packagesImportedBy, readProject } from './project.ts';

function withFile<T>(name: string, text: string, work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'cors-conformance-project-'));
  try {
    writeFileSync(join(folder, name), text);
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const PROJECTS: readonly [
  file: string,
  text: string,
  stack: string | undefined,
  command: string | undefined,
][] = [
  [
    'package.json',
    '{"dependencies":{"express":"5","cors":"2"},"scripts":{"start":"node ."}}',
    'express',
    'npm start',
  ],
  ['package.json', '{"dependencies":{"@fastify/cors":"11"},"main":"server.js"}', 'fastify', 'node server.js'],
  ['package.json', '{"devDependencies":{"typescript":"5"}}', undefined, undefined],
  ['package.json', '{"dependencies":{"h3":"^1.11.1"}}', 'h3-v1', undefined],
  ['package.json', '{"dependencies":{"h3":"^2.0.0"}}', 'h3', undefined],
  ['package.json', '{"dependencies":{"h3":"^1.11.1","nitropack":"^2.9.6"}}', 'nitro', undefined],
  [
    'package.json',
    '{"dependencies":{"nuxt":"^4"},"devDependencies":{"vite":"7","h3":"1"}}',
    'nitro',
    undefined,
  ],
  ['package.json', '{"dependencies":{"express":"^4"},"devDependencies":{"vite":"7"}}', 'express', undefined],
  ['package.json', '{"devDependencies":{"vite":"^7"}}', 'vite', undefined],
  [
    'package.json',
    '{"dependencies":{"@nestjs/core":"11","@nestjs/platform-express":"11","express":"5","cors":"2"}}',
    'nestjs-express',
    undefined,
  ],
  ['package.json', 'not json', undefined, undefined],
  [
    'requirements.txt',
    'Django==5.1\n# a comment\ngunicorn\n',
    undefined,
    'python manage.py runserver --noreload {port}',
  ],
  [
    'pyproject.toml',
    '[project]\ndependencies = [\n  "fastapi>=0.1",\n]\n',
    undefined,
    'uvicorn main:app --port {port}',
  ],
  ['requirements.txt', 'Flask==3.1.3\nFlask-Cors==6.0.5\n', 'flask', 'flask run --port {port}'],
  [
    'pyproject.toml',
    '[project]\ndependencies = ["litestar[standard]>=2"]\n',
    'litestar',
    'litestar run --port {port}',
  ],
  ['requirements.txt', 'aiohttp==3.14.5\naiohttp_cors\n', 'aiohttp', undefined],
  ['requirements.txt', 'tornado\n', 'tornado', undefined],
  ['go.mod', 'module x\n\nrequire github.com/gin-gonic/gin v1.12.0\n', 'gin', 'go run .'],
  ['go.mod', 'module x\n\nrequire github.com/labstack/echo/v4 v4.16.0\n', 'echo-v4', 'go run .'],
  ['go.mod', 'module x\n\nrequire github.com/gofiber/fiber/v3 v3.1.0\n', 'fiber', 'go run .'],
  ['go.mod', 'module x\n\nrequire github.com/go-chi/chi/v5 v5.5.0\n', 'chi', 'go run .'],
  [
    'Cargo.toml',
    '[dependencies]\naxum = "0.8"\ntower-http = { version = "0.7", features = ["cors"] }\n',
    'tower-http',
    'cargo run',
  ],
  ['Cargo.toml', '[dependencies]\nactix-web = "4"\n', 'actix-cors', 'cargo run'],
  [
    'pom.xml',
    '<dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-webmvc</artifactId></dependency>',
    'spring-mvc',
    'mvn -q spring-boot:run -Dspring-boot.run.arguments=--server.port={port}',
  ],
  [
    'build.gradle',
    "implementation 'org.springframework.boot:spring-boot-starter-web'\nimplementation 'org.springframework.boot:spring-boot-starter-security'\n",
    'spring-security',
    './gradlew bootRun --args=--server.port={port}',
  ],
  [
    'build.gradle',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is Gradle that fills in the placeholders
    'implementation enforcedPlatform("${quarkusPlatformGroupId}:${quarkusPlatformArtifactId}:3")\nimplementation \'io.quarkus:quarkus-rest\'\n',
    'quarkus',
    './gradlew quarkusRun --jvm-args=-Dquarkus.http.port={port}',
  ],
  [
    'build.gradle.kts',
    'implementation("io.quarkus:quarkus-rest")',
    'quarkus',
    './gradlew quarkusRun --jvm-args=-Dquarkus.http.port={port}',
  ],
  ['build.gradle', "implementation 'io.ktor:ktor-server-netty:3.0.0'\n", undefined, undefined],
  [
    'pom.xml',
    '<artifactId>quarkus-rest</artifactId>',
    'quarkus',
    'mvn -q package quarkus:run -DskipTests -Dquarkus.http.port={port}',
  ],
  ['Gemfile', "gem 'rails', '~> 8'\ngem 'rack-cors'\n", 'rack-cors', 'bin/rails server -p {port}'],
  [
    'composer.json',
    '{"require":{"laravel/framework":"^12.0"}}',
    'laravel',
    'php artisan serve --port={port}',
  ],
  [
    'Api.csproj',
    '<Project Sdk="Microsoft.NET.Sdk.Web"></Project>',
    'aspnet-core',
    'dotnet run --urls http://127.0.0.1:{port}',
  ],
  [
    'Tool.csproj',
    '<Project Sdk="Microsoft.NET.Sdk"></Project>',
    undefined,
    'dotnet run --urls http://127.0.0.1:{port}',
  ],
  ['go.mod', 'module x\n\nrequire (\n\tgithub.com/rs/cors v1.11.1\n)\n', undefined, 'go run .'],
];

test('should tell the stack and the command from the files of a project', () => {
  for (const [file, text, stack, command] of PROJECTS) {
    const project = withFile(file, text, readProject);
    if (stack !== undefined) assert.equal(project.stacks[0]?.id, stack, text);
    assert.equal(project.command, command, text);
    assert.equal(project.source, file);
  }
});

test('should tell a proxy by the file that configures it, and not if it only stands beside a server', () => {
  for (const [file, stack] of [
    ['envoy.yaml', 'envoy'],
    ['lighttpd.conf', 'lighttpd'],
    ['traefik.yml', 'traefik'],
    ['Caddyfile', 'caddy'],
    ['haproxy.cfg', 'haproxy'],
    ['nginx.conf', 'nginx'],
    ['.htaccess', 'apache'],
  ] as const)
    assert.equal(withFile(file, '', readProject).stacks[0]?.id, stack);
  const both = withFile('package.json', '{"dependencies":{"express":"5"}}', folder => {
    writeFileSync(join(folder, 'envoy.yaml'), '');
    return readProject(folder);
  });
  assert.equal(both.stacks[0]?.id, 'express');
});

test('should tell a framework of Python by what is imported where no manifest tells it', () => {
  const project = withFile('app.py', 'import os\nfrom litestar import Litestar, get\n', readProject);
  assert.deepEqual([project.stacks[0]?.id, project.source], ['litestar', 'app.py']);
  const both = withFile('app.py', 'from flask import Flask\nfrom flask_cors import CORS\n', folder => {
    writeFileSync(join(folder, 'requirements.txt'), '-r base.txt\n');
    return readProject(folder);
  });
  assert.deepEqual([both.stacks[0]?.id, both.source], ['flask', 'app.py']);
});

test('should read the packages that a file imports, and no files of its own', () => {
  const text = `import Fastify from 'fastify';
import cors from "@fastify/cors";
import { serve } from '@hono/node-server/serve-static';
const http = require('node:http'), app = require('./app'), koa = require('koa');
await import('h3');
export { x } from '../own.js';`;
  assert.deepEqual(
    withFile('app.mjs', text, folder => packagesImportedBy(join(folder, 'app.mjs'))),
    ['fastify', '@fastify/cors', '@hono/node-server', 'koa', 'h3'],
  );
  assert.deepEqual(packagesImportedBy('/no/such/file.js'), []);
});

test('should tell nothing of a folder without a manifest', () => {
  assert.deepEqual(withFile('README.md', 'express', readProject), { stacks: [] });
});
