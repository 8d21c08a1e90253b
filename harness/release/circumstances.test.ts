import assert from 'node:assert/strict';
import { test } from 'node:test';
import { circumstance } from './circumstances.ts';

test('should tell a tool without a place to write from one without a registry, and both from a wrong program', () => {
  for (const said of [
    'could not create module cache: mkdir /home/x/go: read-only file system',
    "could not create home directory: '/home/x/.rustup' Caused by: Permission denied (os error 13)",
  ])
    assert.match(circumstance(said, 'Go'), /^ Go keeps what it needs below HOME: set HOME /);
  for (const said of [
    'Get "https://proxy.example/a/@v/v1.info": dial tcp 127.0.0.1:9: connect: connection refused',
    'dial tcp: lookup proxy.example: no such host',
    "[6] Couldn't resolve host name (Could not resolve host: index.example)",
    'Could not transfer artifact a:b:pom:1: repo.example: Unknown host repo.example',
  ])
    assert.match(
      circumstance(said, 'Cargo'),
      /^ The registry cannot be reached: check the network and Cargo's/,
    );
  for (const said of ['undefined: cors.Neww', 'no method named `allow_origins` found', ''])
    assert.equal(circumstance(said, 'Go'), '');
});
