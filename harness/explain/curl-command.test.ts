import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CurlError, readCurl } from './curl-command.ts';

test('should read a command as people write it', () => {
  const curl = readCurl(
    `curl -X PUT 'https://api.example/items?a=1' -H 'Content-Type: application/json' -H "X-A: it's" --data-raw '{"a":"b \\" c"}' --compressed`,
  );
  assert.deepEqual(curl, {
    url: 'https://api.example/items?a=1',
    method: 'PUT',
    headers: [
      ['Content-Type', 'application/json'],
      ['X-A', "it's"],
    ],
    body: '{"a":"b \\" c"}',
    credentials: false,
    insecure: false,
    notes: [],
  });
});

test('should read what browsers copy for bash', () => {
  const curl = readCurl(`curl 'https://api.example/x' \\
  -H 'accept: */*' \\
  -H 'origin: https://app.example' \\
  -H 'sec-fetch-mode: cors' \\
  -H 'user-agent: Mozilla/5.0' \\
  -b 'sid=1' \\
  -H $'x-a: \\u00fcber\\'s' \\
  --data-raw $'a\\nb'`);
  assert.equal(curl.origin, 'https://app.example');
  assert.equal(curl.method, 'POST');
  assert.equal(curl.body, 'a\nb');
  assert.equal(curl.credentials, true);
  assert.deepEqual(curl.headers, [
    ['accept', '*/*'],
    ['x-a', "über's"],
    ['Content-Type', 'application/x-www-form-urlencoded'],
  ]);
});

test('should read what browsers copy for Windows', () => {
  const curl = readCurl(
    `curl ^"https://api.example/x^" ^\r\n  -H ^"x-a: 1^" ^\r\n  --data-raw ^"^{^\\^"a^\\^":1^}^"`,
  );
  assert.equal(curl.url, 'https://api.example/x');
  assert.deepEqual(curl.headers[0], ['x-a', '1']);
  assert.equal(curl.body, '{"a":1}');
});

const METHODS: readonly [command: string, method: string, url: string][] = [
  ['curl https://a.example/', 'GET', 'https://a.example/'],
  ['curl -XDELETE -sSLk https://a.example/x', 'DELETE', 'https://a.example/x'],
  ['curl -I a.example', 'HEAD', 'http://a.example'],
  ['curl -G https://a.example/x -d a=1 --data-urlencode "q=a b"', 'GET', 'https://a.example/x?a=1&q=a%20b'],
  ["curl --request PATCH --url https://x.example/ --json '{}'", 'PATCH', 'https://x.example/'],
  ['curl -F f=@x https://x.example/', 'POST', 'https://x.example/'],
  ['$ curl -m 5 -o out.txt https://x.example/ | jq .', 'GET', 'https://x.example/'],
  ['https://x.example/', 'GET', 'https://x.example/'],
];

test('should know the method and the URL', () => {
  for (const [command, method, url] of METHODS) {
    const curl = readCurl(command);
    assert.deepEqual([curl.method, curl.url], [method, url], command);
  }
});

test('should know what needs credentials, and what is insecure', () => {
  assert.equal(readCurl('curl -u me:pw https://x.example/').credentials, true);
  assert.equal(readCurl("curl -H 'Cookie: a=b' https://x.example/").credentials, true);
  assert.equal(readCurl("curl -H 'Authorization: Bearer x' https://x.example/").credentials, false);
  assert.equal(readCurl('curl -k https://x.example/').insecure, true);
});

test('should add the headers that flags stand for', () => {
  assert.deepEqual(readCurl("curl --json '{}' https://x.example/").headers, [
    ['Content-Type', 'application/json'],
    ['Accept', 'application/json'],
  ]);
  assert.deepEqual(readCurl('curl --oauth2-bearer t -r 0-5 https://x.example/').headers, [
    ['Authorization', 'Bearer t'],
    ['Range', 'bytes=0-5'],
  ]);
});

test('should not take the value of a flag, of a variable or of a redirection for the URL', () => {
  for (const command of [
    'curl --retry-max-time 5 https://api.example/x',
    'curl --doh-url https://dns.example/q https://api.example/x',
    'curl --aws-sigv4 aws:amz:us-east-1:s3 https://api.example/x',
    'curl --local-port 5 --happy-eyeballs-timeout-ms 3 --parallel-max 2 https://api.example/x',
    'curl --proto =https --tlsv1.2 https://api.example/x',
    'curl --proxy http://proxy.example -U user:pass https://api.example/x',
    'TOKEN=1 curl https://api.example/x',
    'curl https://api.example/x 2>/dev/null',
  ]) {
    const { url, notes } = readCurl(command);
    assert.deepEqual({ url, notes }, { url: 'https://api.example/x', notes: [] }, command);
  }
});

test('should take the user of a URL for that of -u', () => {
  const bare = readCurl('curl -u user:pass https://api.example/x');
  assert.equal(bare.credentials, true);
  for (const command of [
    'curl https://user:pass@api.example/x',
    'curl https://user@api.example/x',
    'curl https://user:p@ss@api.example/x',
  ])
    assert.deepEqual(readCurl(command), bare, command);
  assert.equal(readCurl('curl user:pass@api.example/x').url, 'http://api.example/x');
  assert.equal(readCurl('curl https://api.example/@x').credentials, false);
});

test('should read one command of a shell line, and what runs it', () => {
  for (const command of [
    'curl https://api.example/x; echo',
    'curl https://api.example/x;echo done',
    'curl https://api.example/x|jq .',
    'curl https://api.example/x&&echo',
    'curl https://api.example/x &',
    'sudo curl https://api.example/x',
    'sudo -u me /usr/bin/curl https://api.example/x',
    'time curl https://api.example/x',
  ])
    assert.equal(readCurl(command).url, 'https://api.example/x', command);
  assert.equal(readCurl('curl https://a.example/x?a=1&b=2').url, 'https://a.example/x?a=1&b=2');
  assert.equal(readCurl("curl 'https://a.example/x;v=1|2'").url, 'https://a.example/x;v=1|2');
  assert.throws(() => readCurl('sudo ls'), /begins with "sudo"/);
});

test('should say what cannot be read', () => {
  assert.throws(() => readCurl('curl -H'), new CurlError('the curl flag --header has no value'));
  assert.throws(
    () => readCurl('wget https://x.example'),
    new CurlError(
      'this is not a curl command: it begins with "wget"; in the Network panel choose "Copy as cURL"',
    ),
  );
  assert.throws(() => readCurl('curl -s'), new CurlError('the curl command has no URL'));
  assert.throws(() => readCurl("curl 'https://x.example"), CurlError);
  assert.throws(
    () => readCurl('curl --request=PUT https://x.example'),
    new CurlError(
      'curl knows no flag that is joined to its value by "=": write --request and its value as two words',
    ),
  );
  assert.match(readCurl('curl -d @body.json https://x.example/').notes.join(), /body in the file body\.json/);
});
