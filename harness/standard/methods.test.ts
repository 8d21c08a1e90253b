import assert from 'node:assert/strict';
import test from 'node:test';
import { isForbiddenMethod, isMethod, isSafelistedMethod, normalizeMethod } from './methods.ts';

test('should normalize six methods and leave every other as written', () => {
  for (const method of ['delete', 'Get', 'hEAD', 'options', 'Post', 'put']) {
    assert.equal(normalizeMethod(method), method.toUpperCase());
  }
  for (const method of ['patch', 'Patch', 'chicken', 'eGg', '*', 'get-something-long']) {
    assert.equal(normalizeMethod(method), method);
  }
});

test('should safelist GET, HEAD and POST, as written', () => {
  for (const method of ['GET', 'HEAD', 'POST']) assert.equal(isSafelistedMethod(method), true);
  for (const method of ['get', 'PUT', '']) assert.equal(isSafelistedMethod(method), false);
});

test('should forbid CONNECT, TRACE and TRACK in any case', () => {
  for (const method of ['CONNECT', 'trace', 'TrAcK']) assert.equal(isForbiddenMethod(method), true);
  for (const method of ['TRACES', 'connector', 'GET']) assert.equal(isForbiddenMethod(method), false);
});

test('should take any token for a method', () => {
  assert.equal(isMethod('CHICKEN'), true);
  for (const method of ['', 'GET A', 'GÉT']) assert.equal(isMethod(method), false);
});
