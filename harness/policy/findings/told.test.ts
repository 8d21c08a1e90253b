import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decidingNames, whereOf } from './told.ts';

describe('whereOf', () => {
  test('should name places as people do', () => {
    assert.equal(whereOf(['GET /items']), 'GET /items');
    assert.equal(whereOf(['GET /items', 'PUT /items']), 'GET and PUT /items');
    assert.equal(whereOf(['/items', '/users']), '/items and /users');
    assert.equal(whereOf(['GET /items', 'GET /users']), 'GET /items and GET /users');
    assert.equal(whereOf(['/a', '/b', '/c']), '/a and 2 more');
    assert.equal(whereOf(['A', 'B', 'C', 'D', 'E'].map(method => `${method} /a`)), 'A /a and 4 more');
    assert.equal(whereOf([]), '');
  });
});

describe('decidingNames', () => {
  test('should ask for credentials only where the request had them', () => {
    assert.deepEqual(decidingNames('origins', false), ['Access-Control-Allow-Origin']);
    assert.equal(decidingNames('origins', true).length, 2);
    assert.deepEqual(decidingNames('preflight', true), []);
  });
});
