import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { HeaderLine } from '../../wire/exchange.ts';
import { askOf, ORIGIN, originLines, pageRun, ran, ranInPages } from './ran.test-support.ts';

const idsOf = ({ findings }: ReturnType<typeof ran>): string[] => findings.map(({ id }) => id);

const preflight = (status: number, lines: readonly HeaderLine[], headers: readonly string[] = []) =>
  askOf({ ask: 'preflights', preflight: true, method: 'PUT', headers }, status, lines);

describe('one cause', () => {
  const redirect = (to: string): HeaderLine[] => [['Location', to]];
  const page = (to: string) => pageRun('blocked', askOf({ ask: 'allowed' }, 301, redirect(to)).exchange);

  test('should be told once where requests and their preflights are redirected to the same URL', () => {
    const judgement = ranInPages([page('/items/')], preflight(301, redirect('/items/')));
    assert.deepEqual(idsOf(judgement), ['redirect-without-cors']);
    assert.deepEqual(judgement.findings[0]?.places, ['GET /items', 'PUT /items']);
    const state = judgement.checks.find(({ id }) => id === 'preflight-redirect');
    assert.deepEqual([state?.state, state?.reason], ['broken', 'explained by redirect-without-cors']);
  });

  test('should be two where a preflight is redirected elsewhere, or alone', () => {
    const judgement = ranInPages([page('/items/')], preflight(302, redirect('/login')));
    assert.deepEqual(idsOf(judgement), ['preflight-redirect', 'redirect-without-cors']);
    assert.deepEqual(idsOf(ran(preflight(302, redirect('/login')))), ['preflight-redirect']);
    assert.match(ran(preflight(302, [])).findings[0]?.fix ?? '', /^Answer the preflight with 204/);
  });

  const open: HeaderLine[] = [
    ['Access-Control-Allow-Origin', '*'],
    ['Access-Control-Allow-Methods', 'GET,PUT,DELETE'],
    ['Access-Control-Allow-Headers', 'content-type'],
  ];
  const named = askOf({ ask: 'allowed' }, 200, [...originLines(ORIGIN), ['Vary', 'Origin']]);
  const undeclared = askOf({ ask: 'undeclared-method', preflight: true, method: 'DELETE' }, 204, open);

  test('should be told once where another layer answers the preflights', () => {
    const { findings } = ran(named, preflight(204, open), undeclared);
    assert.deepEqual(
      findings.map(({ id }) => id),
      ['wildcard-with-credentials'],
    );
    assert.match(findings[0]?.why ?? '', /^Answers to requests name the origin: another layer/);
    assert.match(
      findings[0]?.fix ?? '',
      /^Let the layer that sets CORS headers on answers answer preflights/,
    );
  });

  test('should be two where one layer answers all of it with the wildcard', () => {
    const wild = askOf({ ask: 'allowed' }, 200, [['Access-Control-Allow-Origin', '*']]);
    assert.deepEqual(idsOf(ran(wild, preflight(204, open), undeclared)), [
      'wildcard-with-credentials',
      'method-undeclared',
    ]);
  });

  test('should be an answer 304 wherever that is what a page meets', () => {
    const wild = askOf({ ask: 'conditional' }, 304, [['Access-Control-Allow-Origin', '*']]);
    const page = pageRun('blocked', wild.exchange);
    assert.deepEqual(idsOf(ranInPages([page], named, wild)), ['not-modified-without-cors']);
  });

  test('should not be the Referer where the same page is let in without', () => {
    const origin = 'https://evil.example';
    const attack = (ask: string, why: string) =>
      askOf(
        {
          ask,
          origin,
          attacker: { id: 'unrelated-1', kind: 'unrelated', origin, why, browser: true },
        },
        200,
        [...originLines(origin), ['Vary', 'Origin']],
      );
    const [both] = ran(attack('attackers', 'any is'), attack('attacker-referer', 'its Referer is')).findings;
    assert.deepEqual(both?.details, ['https://evil.example is allowed with credentials: any is.']);
    const [alone] = ran(attack('attacker-referer', 'its Referer is')).findings;
    assert.match(alone?.details?.join() ?? '', /its Referer is/);
    assert.deepEqual([both?.why, /^The Referer holds/.test(alone?.why ?? '')], [undefined, true]);
  });

  const attack = (kind: string, origin: string, lines: readonly HeaderLine[], from = ORIGIN) =>
    askOf(
      { ask: 'attackers', origin, attacker: { id: `${kind}-1`, kind, origin, why: '', browser: true, from } },
      200,
      lines,
    );
  const wild = attack('unrelated', 'https://evil.example', [['Access-Control-Allow-Origin', '*']]);

  test('should be the wildcard that a second layer adds, whoever asks', () => {
    const vary: HeaderLine = ['Vary', 'Origin'];
    const both = askOf({ ask: 'allowed' }, 200, [
      vary,
      ...originLines(ORIGIN),
      ['Access-Control-Allow-Origin', '*'],
    ]);
    const [found, ...more] = ran(both, wild).findings;
    assert.deepEqual([found?.id, more.length, found?.rank], ['origin-repeated', 0, 2]);
    assert.match(
      found?.headline ?? '',
      /sent more than once; any website can read GET \/items, without cookies$/,
    );
    assert.deepEqual(found?.letIn, ['any site, without cookies']);
    assert.match(found?.fix ?? '', /^Take "\*" out of the layer that adds it/);
    const twice = askOf({ ask: 'allowed' }, 200, [vary, ...originLines(ORIGIN), ...originLines(ORIGIN)]);
    assert.deepEqual(idsOf(ran(twice, wild)), ['origin-wildcard', 'origin-repeated']);
  });

  test('should not hide that anybody reads without cookies where the wildcard fails declared pages', () => {
    const [found, ...more] = ran(
      askOf({ ask: 'allowed' }, 200, [['Access-Control-Allow-Origin', '*']]),
      wild,
    ).findings;
    assert.deepEqual([found?.id, more.length], ['wildcard-with-credentials', 0]);
    assert.match(found?.headline ?? '', /; any website can read GET \/items, without cookies$/);
  });

  test('should be how a name ends where every host for everybody with that end is let in', () => {
    const from = 'https://app.acme.io';
    const letIn = (kind: string, origin: string) =>
      attack(kind, origin, [...originLines(origin), ['Vary', 'Origin']], from);
    const suffix = letIn('suffix', 'https://evilacme.io');
    const one = letIn('hosting', 'https://attacker.github.io');
    const other = letIn('hosting', 'https://codepen.io');
    const judgement = ran(suffix, one, other);
    assert.deepEqual(idsOf(judgement), ['origin-suffix']);
    assert.ok(judgement.findings[0]?.letIn?.includes('pages on hosts for everybody'));
    assert.deepEqual(idsOf(ran(suffix, one)), ['origin-suffix', 'origin-hosting']);
    const app = letIn('hosting', 'https://attacker.vercel.app');
    assert.deepEqual(idsOf(ran(suffix, app)), ['origin-suffix', 'origin-hosting']);
  });

  test('should be a resource that has moved, where a redirect for good leads to what is served', () => {
    const led = (status: number, last: number) => {
      const lines: HeaderLine[] = [...originLines(ORIGIN), ['Vary', 'Origin']];
      const first = askOf({ ask: 'allowed' }, status, [...lines, ['Location', '/items/']]);
      return ranInPages([
        pageRun('readable', first.exchange, askOf({ ask: 'allowed' }, last, lines).exchange),
      ]);
    };
    const [moved] = led(308, 200).findings;
    assert.deepEqual([moved?.id, moved?.severity], ['resource-fails', 'error']);
    assert.match(moved?.headline ?? '', /^GET \/items is redirected to another path/);
    const kept = (of: ReturnType<typeof led>) => of.checks.find(({ id }) => id === 'not-readable')?.state;
    assert.equal(kept(led(308, 200)), 'kept');
    for (const login of [led(302, 200), led(308, 404)]) {
      assert.equal(login.findings[0]?.severity, 'error');
      assert.match(login.findings[0]?.headline ?? '', /^Nothing was served/);
      assert.equal(kept(login), 'not-tried');
    }
  });

  test('should be the redirect where another origin that it leads to does not allow null', () => {
    const lines: HeaderLine[] = [...originLines(ORIGIN), ['Vary', 'Origin']];
    const first = askOf({ ask: 'allowed' }, 302, [...lines, ['Location', 'https://files.example.com/items']]);
    const last = askOf({ ask: 'allowed', origin: 'null' }, 200, [['Vary', 'Origin']]).exchange;
    const away = { ...last, request: { ...last.request, url: 'https://files.example.com/items' } };
    const { findings } = ranInPages([pageRun('blocked', first.exchange, away)]);
    assert.deepEqual(
      findings.map(({ id }) => id),
      ['redirect-fails'],
    );
    assert.match(
      findings[0]?.why ?? '',
      /pages then ask https:\/\/files\.example\.com with Origin: null, which it does not allow$/,
    );
    assert.match(findings[0]?.fix ?? '', /^Let the redirect stay/);
  });
});
