import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { collectCommandSecrets } from './command-secrets.ts';
import { Secrets } from './secrets.ts';

function hidden(command: string | readonly string[]): string {
  const secrets = new Secrets();
  collectCommandSecrets(command, secrets.collect);
  return secrets.hide([command].flat().join(' '));
}

describe('collectCommandSecrets', () => {
  for (const [command, expected] of [
    ['node server.mjs 1 --token argTok6Lp1Vn8E', 'node server.mjs 1 --token [redacted 14 bytes]'],
    ['server -db-password "two words"', 'server -db-password "[redacted 9 bytes]"'],
    ["server --api-key 'k-123456'", "server --api-key '[redacted 8 bytes]'"],
    [
      'API_KEY=inlineKey2Zc7Mo5 server --password=argPw3Ty9',
      'API_KEY=[redacted 16 bytes] server --password=[redacted 9 bytes]',
    ],
    ["curl -H 'X-Api-Key: header5Kk2'", "curl -H 'X-Api-Key: [redacted 10 bytes]'"],
    [
      "curl --header 'Authorization: Custom auth6Rt3Ly'",
      "curl --header 'Authorization: Custom [redacted 10 bytes]'",
    ],
    ['curl -u someone:userPw4Hw8', 'curl -u someone:[redacted 10 bytes]'],
    ['psql postgres://svc:dbPassw0rd@db/x', 'psql postgres://svc:[redacted 10 bytes]@db/x'],
    [
      'sh -c "exec node server.mjs --secret insideSecret1"',
      'sh -c "exec node server.mjs --secret [redacted 13 bytes]"',
    ],
  ] as const)
    test(`should hide what is secret in: ${command}`, () => assert.equal(hidden(command), expected));

  for (const command of [
    'node server.mjs -p 8080 --port 123456',
    'server --ssl-key /etc/ssl/server.key --token-file /run/token',
    'server --token --verbose-mode',
    'docker run -u 1000:1000 image',
    'node --author someone server.mjs',
  ])
    test(`should leave alone: ${command}`, () => assert.equal(hidden(command), command));

  test('should take words for words, whatever is in them', () => {
    assert.equal(
      hidden(['sh', '-c', 'server --token "a b c d e f"', '--password', 'it is one word']),
      'sh -c server --token "[redacted 11 bytes]" --password [redacted 14 bytes]',
    );
  });
});
