/** Pages that upgrade insecure requests: what CORS makes of a request that is, or is not, upgraded. */
import { defineSuite } from '../harness/case/define.ts';
import type { Case } from '../harness/case/schema.ts';
import { acam, acao, allowed, answer, blocked, one, readable, spec } from './helpers.ts';

const UPGRADE = 'https://w3c.github.io/webappsec-upgrade-insecure-requests/#upgrade-request';

/** An https page that asks for upgrades, and an http: URL on the same host. */
const upgrading: Partial<Case> = {
  page: 'secure-site',
  csp: 'upgrade-insecure-requests',
  notModelled: 'Content Security Policy',
};

const passes = { preflight: answer(acao(), acam('PUT')), actual: allowed };

export const preflightUpgrade = defineSuite({
  id: 'preflight-upgrade',
  title: 'CORS on pages that upgrade insecure requests',
  about: 'A request is upgraded before anything of it is sent, and CORS applies to it either way.',
  cases: [
    one(
      'preflight-csp-upgrade/https',
      'Where a page upgrades insecure requests, the preflight goes to https: already',
      [spec.mainFetch, UPGRADE],
      { method: 'PUT' },
      passes,
      readable({
        wire: ['OPTIONS', 'PUT'],
        requestTargets: {
          OPTIONS: 'https://localhost:{port:target}{path}',
          PUT: 'https://localhost:{port:target}{path}',
        },
      }),
      {
        ...upgrading,
        class: 'outside',
        because:
          'Which requests are upgraded is ruled by Upgrade Insecure Requests; Chromium and Firefox leave loopback hosts alone, and the lab has no others.',
      },
    ),
    one(
      'preflight-csp-upgrade/still-asked',
      'Where a page upgrades insecure requests, a PUT to another origin is preflighted all the same',
      [spec.mainFetch, UPGRADE],
      { method: 'PUT' },
      passes,
      readable({ type: 'cors', status: 200, wire: ['OPTIONS', 'PUT'] }),
      upgrading,
    ),
    one(
      'preflight-csp-upgrade/still-checked',
      'Where a page upgrades insecure requests, an answer without permission stays unread all the same',
      [spec.corsCheck, UPGRADE],
      {},
      { actual: answer() },
      blocked({ wire: ['GET'] }),
      upgrading,
    ),
  ],
});
