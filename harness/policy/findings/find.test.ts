import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { RANKS } from '../../verdict/finding.ts';
import type { HeaderLine } from '../../wire/exchange.ts';
import type { ProbeRun } from '../trial.ts';
import { askOf, cacheRun, ORIGIN, originLines, ran, ranInPages } from './ran.test-support.ts';

const findingsOf = (...probes: readonly ProbeRun[]) => ran(...probes).findings;

describe('the findings', () => {
  test('should name the broader kind of undeclared origins first', () => {
    const letIn = (kind: string, origin: string) =>
      askOf(
        {
          ask: 'attackers',
          origin,
          attacker: { id: `${kind}-1`, kind, origin, why: '', from: ORIGIN, browser: true },
        },
        200,
        [...originLines(origin), ['Vary', 'Origin']],
      );
    const found = findingsOf(
      letIn('dot', 'https://appxexample.com'),
      letIn('prefix', 'https://app.example.com.evil.example'),
    );
    assert.deepEqual(
      found.map(({ id }) => id),
      ['origin-prefix', 'origin-dot'],
    );
  });

  test('should warn of names joined by a hyphen under a domain of one owner, and call them errors elsewhere', () => {
    const severityOf = (from: string, origin: string) => {
      const attacker = { id: 'hyphen-1', kind: 'hyphen', origin, why: '', from, browser: true };
      const lines: HeaderLine[] = [...originLines(origin), ['Vary', 'Origin']];
      return findingsOf(askOf({ ask: 'attackers', origin, attacker }, 200, lines)).map(one => one.severity);
    };
    assert.deepEqual(severityOf(ORIGIN, 'https://app-evil.example.com'), ['warning']);
    assert.deepEqual(severityOf('https://app.vercel.app', 'https://app-evil.vercel.app'), ['error']);
    assert.deepEqual(severityOf('https://example.com', 'https://example-evil.com'), ['error']);
  });

  test('should find an undeclared method that any website has carried out with cookies, and only with them', () => {
    const origin = 'https://evil.example';
    const attacker = { id: 'unrelated-1', kind: 'unrelated', origin, why: '', browser: true };
    const about = { ask: 'attacker-preflights', method: 'DELETE', unasked: true, preflight: true } as const;
    const idsOf = (lines: readonly HeaderLine[]) =>
      findingsOf(
        askOf({ ...about, origin, attacker }, 204, [...lines, ['Access-Control-Allow-Methods', 'DELETE']]),
      ).map(({ id, headline }) => `${id}: ${headline}`);
    assert.deepEqual(idsOf(originLines(origin)), [
      "origin-reflected: Any website can have DELETE /items carried out with your users' cookies",
    ]);
    assert.deepEqual(idsOf([['Access-Control-Allow-Origin', origin]]), []);
    assert.deepEqual(idsOf([['Access-Control-Allow-Origin', '*']]), []);
  });

  test('should say that Vary is lost where an answer is compressed, if it is not lost without that', () => {
    const whyOf = (uncompressed: string) =>
      findingsOf(
        askOf({ ask: 'allowed' }, 200, [...originLines(ORIGIN), ['Vary', 'Accept-Encoding']]),
        askOf({ ask: 'no-origin', origin: null }, 200, [['Vary', 'Accept-Encoding']]),
        askOf({ ask: 'uncompressed' }, 200, [...originLines(ORIGIN), ['Vary', uncompressed]]),
      ).map(({ id, why }) => `${id}: ${why}`);
    assert.deepEqual(whyOf('Accept-Encoding'), ['vary-missing: undefined']);
    assert.match(whyOf('Origin').join(), /^vary-missing: It says so without compression/);
  });

  test('should say that nothing sets these headers only where nothing looks at origins', () => {
    const whyOf = (headers: readonly HeaderLine[]) =>
      findingsOf(askOf({ ask: 'allowed' }, 200, headers)).find(({ id }) => id === 'origin-not-allowed')?.why;
    assert.match(whyOf([]) ?? '', /nothing sets these headers/);
    assert.equal(whyOf([['Vary', 'Accept, Origin']]), undefined);
    assert.equal(whyOf([['Access-Control-Allow-Methods', 'GET']]), undefined);
  });

  test('should say that a method is left out where answers to others allow the origin', () => {
    const [found] = findingsOf(
      askOf({ ask: 'allowed' }, 200, [...originLines(ORIGIN), ['Vary', 'Origin']]),
      askOf({ ask: 'allowed', method: 'PUT' }, 200, [['Vary', 'Origin']]),
    );
    assert.deepEqual(
      [found?.id, found?.why],
      ['origin-not-allowed', 'Answers to GET here allow it: what sets these headers leaves PUT out'],
    );
  });

  test('should look for a cache where only answers to GET are those of another origin', () => {
    const [found] = findingsOf(
      askOf({ ask: 'allowed', method: 'PUT' }, 200, [...originLines(ORIGIN), ['Vary', 'Origin']]),
      askOf({ ask: 'allowed' }, 200, [...originLines('https://other.example.com'), ['Vary', 'Origin']]),
    );
    assert.equal(found?.id, 'origin-not-allowed');
    assert.match(found?.why ?? '', /^Answers to PUT here allow it: look for a cache/);
  });

  test('should say once that the same preflight fails only some of the time', () => {
    const about = { ask: 'preflights', method: 'PUT', preflight: true } as const;
    const lines = [
      ...originLines(ORIGIN),
      ['Access-Control-Allow-Methods', 'PUT'],
      ['Access-Control-Max-Age', '600'],
    ] as HeaderLine[];
    const idsOf = (...probes: readonly ProbeRun[]) => findingsOf(...probes).map(({ id }) => id);
    assert.deepEqual(idsOf(askOf(about, 204, lines), askOf(about, 502, [])), ['answer-changes']);
    const other = { ...about, headers: ['content-type'] };
    assert.deepEqual(idsOf(askOf(about, 204, lines), askOf(other, 502, [])), ['preflight-status']);
  });

  test('should say of an origin once how it is let in', () => {
    const origin = 'https://evil.example';
    const attacker = { id: 'unrelated-1', kind: 'unrelated', origin, why: 'any is', browser: true };
    const attack = (credentials: boolean) =>
      askOf({ ask: 'attackers', origin, attacker, credentials }, 200, [
        ...originLines(origin),
        ['Vary', 'Origin'],
      ]);
    const [found] = findingsOf(attack(false), attack(true));
    assert.deepEqual(found?.details, ['https://evil.example is allowed with credentials: any is.']);
  });

  test('should say that a request is carried out where only its preflight lets an undeclared origin in', () => {
    const origin = 'https://evil.example';
    const attacker = { id: 'unrelated-1', kind: 'unrelated', origin, why: '', browser: true };
    const attack = (ask: string, method: string, preflight = false) =>
      askOf({ ask, method, origin, attacker, preflight }, 200, [
        ...originLines(origin),
        ['Access-Control-Allow-Methods', 'GET, PUT'],
        ['Vary', 'Origin'],
      ]);
    const preflight = attack('attacker-preflights', 'PUT', true);
    const [sends] = findingsOf(preflight);
    assert.equal(sends?.headline, "Any website can have PUT /items carried out with your users' cookies");
    assert.equal(sends?.rank, RANKS.reads);
    assert.doesNotMatch(sends?.explanation ?? '', /read/);
    const [reads] = findingsOf(preflight, attack('attackers', 'GET'));
    assert.equal(reads?.headline, "Any website can read GET and PUT /items with your users' cookies");
    assert.equal(reads?.rank, RANKS.readsWithCredentials);
  });

  test('should say why lines that look right do not do', () => {
    const whyOf = (method: string, headers: readonly string[], lines: readonly HeaderLine[]) =>
      findingsOf(
        askOf({ ask: 'preflights', preflight: true, method, headers }, 204, [
          ...originLines(ORIGIN),
          ...lines,
        ]),
      )[0]?.why;
    assert.equal(
      whyOf('PUT', [], [['Access-Control-Allow-Methods', 'GET, put']]),
      'Method names are case-sensitive: put is not PUT',
    );
    assert.match(whyOf('PUT', [], [['Access-Control-Allow-Methods', '*']]) ?? '', /^"\*" does not count/);
    assert.match(
      whyOf('GET', ['content-type'], [['Access-Control-Allow-Headers', '*']]) ?? '',
      /^"\*" does not count for a request with credentials$/,
    );
    assert.equal(whyOf('PUT', [], []), undefined, 'what is missing is shown');
  });

  test('should not take an answer to a request without CORS for one that CORS refuses', () => {
    const plain = askOf({ ask: 'cache' }, 200, [['Vary', 'Origin']]).exchange;
    const cut = { ...plain, request: { ...plain.request, headers: [] }, end: 'cut' as const };
    const away = {
      ...cut,
      response: {
        status: 302,
        headers: [['Vary', 'Origin'] as const, ['Location', '/items'] as const],
        bodyBytes: 0,
      },
    };
    const right = askOf({ ask: 'cache' }, 200, [...originLines(ORIGIN), ['Vary', 'Origin']]).exchange;
    for (const exchange of [cut, away]) {
      const run = cacheRun({ outcome: 'error', exchange }, { outcome: 'readable', exchange: right });
      assert.deepEqual(ranInPages([run]).findings, []);
    }
  });

  test('should not say that answers change where a request without CORS, and so without Origin, fails', () => {
    const lines: HeaderLine[] = [...originLines(ORIGIN), ['Vary', 'Origin']];
    const { exchange: failed } = askOf({ ask: 'cache' }, 500, lines);
    const { exchange: read } = askOf({ ask: 'cache' }, 200, lines);
    const { findings } = ranInPages(
      [cacheRun({ outcome: 'error', exchange: failed }, { outcome: 'readable', exchange: read })],
      askOf({ ask: 'allowed' }, 200, lines),
    );
    assert.ok(!findings.some(({ id }) => id === 'answer-changes'));
  });

  test('should judge by the methods that are served', () => {
    const served = (method: string, status: number) =>
      askOf({ ask: 'allowed', method }, status, [...originLines(ORIGIN), ['Vary', 'Origin']]);
    const stateIn = (check: string, ...probes: ProbeRun[]) =>
      ran(...probes).checks.find(({ id }) => id === check);
    assert.equal(stateIn('credentials-missing', served('GET', 200), served('PUT', 500))?.state, 'kept');
    assert.equal(
      stateIn('credentials-missing', served('PUT', 500))?.reason,
      'nothing was served for PUT /items',
    );
    const both = [served('GET', 500), served('PUT', 500)];
    assert.equal(
      stateIn('credentials-missing', ...both)?.reason,
      'nothing was served for GET and PUT /items',
    );
    assert.match(findingsOf(...both)[0]?.headline ?? '', /^Nothing was served for GET and PUT \/items/);
  });

  test('should tell a list of origins in one line from lines of two layers', () => {
    const idFor = (...values: string[]) => {
      const lines = values.map((value): HeaderLine => ['Access-Control-Allow-Origin', value]);
      const [first] = findingsOf(
        askOf({ ask: 'allowed' }, 200, [
          ...lines,
          ['Access-Control-Allow-Credentials', 'true'],
          ['Vary', 'Origin'],
        ]),
      );
      return first?.id;
    };
    assert.equal(idFor(`${ORIGIN}, https://b.example.com`), 'origin-listed');
    assert.equal(idFor(`${ORIGIN} https://b.example.com`), 'origin-listed', 'by spaces');
    assert.equal(idFor(`${ORIGIN}; https://b.example.com`), 'origin-listed', 'by semicolons');
    assert.equal(idFor(`${ORIGIN},`), 'origin-misspelt', 'one origin, and a comma');
    assert.equal(idFor('https://app .example.com'), 'origin-misspelt');
    assert.equal(idFor(ORIGIN, ORIGIN), 'origin-repeated');
    assert.equal(idFor(`${ORIGIN}, ${ORIGIN}`), 'origin-repeated', 'joined by a proxy');
    assert.equal(idFor(`*, ${ORIGIN}`), 'origin-repeated', 'joined by a proxy');
  });
});

describe('a refusal', () => {
  const preflights = askOf({ ask: 'preflights', preflight: true, method: 'PUT' }, 204, [
    ...originLines(ORIGIN),
    ['Access-Control-Allow-Methods', 'GET, PUT'],
    ['Access-Control-Max-Age', '600'],
    ['Vary', 'Origin'],
  ]);

  test('should not be put down to the list of origins where preflights of the origin pass', () => {
    const [found] = findingsOf(
      preflights,
      askOf({ ask: 'allowed' }, 403, []),
      askOf({ ask: 'no-origin', origin: null }, 200, [['Vary', 'Origin']]),
    );
    assert.equal(found?.id, 'origin-not-allowed');
    assert.match(found?.headline ?? '', /: something behind the CORS headers refuses the request$/);
    assert.match(found?.why ?? '', /^Preflights allow the origin: another layer/);
    assert.match(found?.fix ?? '', /^Let what refuses the request/);
  });

  test('should not be put down to a missing Origin where pages are refused in turn', () => {
    const served = askOf({ ask: 'allowed' }, 200, [...originLines(ORIGIN), ['Vary', 'Origin']]);
    const plain = askOf({ ask: 'no-origin', origin: null }, 401, []);
    const idsOf = (...more: readonly ProbeRun[]) => findingsOf(served, ...more, plain).map(({ id }) => id);
    assert.ok(idsOf().includes('no-origin-refused'));
    assert.ok(!idsOf(askOf({ ask: 'repeat' }, 401, [])).includes('no-origin-refused'));
  });

  test('should be an outage where every request gets 503, not a limit', () => {
    const [down] = findingsOf(askOf({ ask: 'allowed' }, 503, []), preflights);
    assert.match(down?.headline ?? '', /the server answers every request with 503$/);
    assert.doesNotMatch(down?.fix ?? '', /maxRequestsPerSecond/);
    const [limit] = findingsOf(
      askOf({ ask: 'allowed' }, 200, [...originLines(ORIGIN), ['Vary', 'Origin']]),
      askOf({ ask: 'allowed' }, 503, []),
    );
    assert.match(limit?.headline ?? '', /refused to answer so many requests$/);
  });
});
