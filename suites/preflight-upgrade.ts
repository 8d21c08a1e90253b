/** Pages that upgrade insecure requests: what CORS makes of a request that is, or is not, upgraded. */

import { defineSuite } from '../harness/case/define.ts';
import type { Case } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import { acam, acao, allowed, answer, blockedAtResponse, one, readable } from './helpers.ts';

/** An https page that asks for upgrades, and an http: URL on the same host. */
const upgrading: Partial<Case> = {
  page: 'secure-site',
  csp: 'upgrade-insecure-requests',
  notModelled: 'The model has no Content Security Policy.',
};

const passes = { preflight: answer(acao(), acam('PUT')), actual: allowed };

export const preflightUpgrade = defineSuite({
  id: 'preflight-upgrade',
  title: 'CORS on pages with upgrade-insecure-requests',
  about: 'A request is upgraded to https before anything of it is sent, and CORS still applies to it.',
  cases: [
    one({
      id: 'preflight-csp-upgrade/https',
      title: 'Under upgrade-insecure-requests, the preflight already goes to https:',
      spec: [SPEC.mainFetch, SPEC.upgradeInsecureRequests],
      request: { method: 'PUT' },
      server: passes,
      expect: readable({
        wire: ['OPTIONS', 'PUT'],
        requestTargets: {
          OPTIONS: 'https://localhost:{port:target}{path}',
          PUT: 'https://localhost:{port:target}{path}',
        },
      }),
      ...upgrading,
      class: 'outside',
      because:
        'Upgrade Insecure Requests rules on which requests are upgraded; Chromium and Firefox exempt loopback hosts, and the lab has no others.',
    }),
    one({
      id: 'preflight-csp-upgrade/still-asked',
      title: 'Under upgrade-insecure-requests, a cross-origin PUT is still preflighted',
      spec: [SPEC.mainFetch, SPEC.upgradeInsecureRequests],
      request: { method: 'PUT' },
      server: passes,
      expect: readable({ type: 'cors', status: 200, wire: ['OPTIONS', 'PUT'] }),
      ...upgrading,
    }),
    one({
      id: 'preflight-csp-upgrade/still-checked',
      title: 'Under upgrade-insecure-requests, a response without permission is still blocked',
      spec: [SPEC.corsCheck, SPEC.upgradeInsecureRequests],
      server: { actual: answer() },
      expect: blockedAtResponse({ wire: ['GET'] }),
      ...upgrading,
    }),
  ],
});
