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
  });
});
