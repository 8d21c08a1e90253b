import assert from 'node:assert/strict';
import { test } from 'node:test';
import { targetEnvironment } from './environment.ts';

const OWN = {
  PATH: '/bin',
  HOME: '/h',
  LC_ALL: 'C',
  NODE_ENV: 'test',
  GITHUB_TOKEN: 't',
  DB_URL: 'd',
  DB_USER: 'u',
};

test('should pass on what programs need, and what it is told, only', () => {
  const env = targetEnvironment({ env: { PORT: '1', HOME: '/other' } }, OWN);
  assert.deepEqual(env, { PATH: '/bin', HOME: '/other', LC_ALL: 'C', NODE_ENV: 'test', PORT: '1' });
});

test('should pass on what passEnv names', () => {
  const names = (passEnv: string[]) => Object.keys(targetEnvironment({ env: {}, passEnv }, OWN));
  assert.ok(names(['DB_URL']).includes('DB_URL') && !names(['DB_URL']).includes('DB_USER'));
  assert.ok(names(['DB_*']).includes('DB_USER') && !names(['DB_*']).includes('GITHUB_TOKEN'));
  assert.deepEqual(names(['*']), Object.keys(OWN));
});
