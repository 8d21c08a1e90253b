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
