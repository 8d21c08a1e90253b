/** Sec-Fetch-* request headers: what they say of a request that is redirected. */
import { defineSuite } from '../harness/case/define.ts';
import type { Case } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import { acao, type OneStep, one, readable, resourceAt } from './helpers.ts';
import { acaoReflected, onPageOrigin, onTarget, onThirdOrigin, redirect } from './redirect-helpers.ts';

const RULED_ELSEWHERE = {
  class: 'outside',
  because: 'Fetch Metadata Request Headers rules on these headers.',
} as const;

const redirected = (
  details: Pick<OneStep, 'id' | 'title' | 'server' | 'at'> & { site: [first: string, second: string] },
): Case => {
  const { site, ...rest } = details;
  return one({
    spec: SPEC.fetchMetadata,
    expect: readable({
      wire: ['GET', 'GET hop2'],
      requestHeadersAt: {
        GET: { 'sec-fetch-site': site[0], 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' },
        'GET hop2': { 'sec-fetch-site': site[1], 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' },
      },
    }),
    ...rest,
    ...RULED_ELSEWHERE,
  });
};

const allowing = { actual: { headers: [acaoReflected] } };

export const fetchMetadata = defineSuite({
  id: 'fetch-metadata',
  title: 'Fetch metadata',
  about: 'Sec-Fetch-Site says how far the farthest URL of a redirect chain is from the page.',
  cases: [
    redirected({
      id: 'sec-fetch-redirect/same-origin',
      title: 'A redirect within another origin of the site keeps Sec-Fetch-Site: same-site',
      server: { actual: redirect('hop2', 302, acao()), resources: { hop2: onTarget(allowing) } },
      site: ['same-site', 'same-site'],
    }),
    redirected({
      id: 'sec-fetch-redirect/third-origin',
      title: 'A redirect to a third origin of the site keeps Sec-Fetch-Site: same-site',
      server: { actual: redirect('hop2', 302, acao()), resources: { hop2: onThirdOrigin(allowing) } },
      site: ['same-site', 'same-site'],
    }),
    redirected({
      id: 'sec-fetch-redirect/cross-site',
      title: 'A redirect to another site changes Sec-Fetch-Site to cross-site',
      server: {
        actual: redirect('hop2', 302, acao()),
        resources: { hop2: resourceAt('cross-site-target', allowing) },
      },
      site: ['same-site', 'cross-site'],
    }),
    redirected({
      id: 'sec-fetch-redirect/out-of-origin',
      title: "A redirect from the page's origin to another of the site changes Sec-Fetch-Site to same-site",
      server: { actual: redirect('hop2', 302), resources: { hop2: onTarget(allowing) } },
      at: 'site',
      site: ['same-origin', 'same-site'],
    }),
    redirected({
      id: 'sec-fetch-redirect/back-home',
      title: "A redirect back to the page's origin keeps Sec-Fetch-Site: same-site",
      server: { actual: redirect('hop2', 302, acao()), resources: { hop2: onPageOrigin(allowing) } },
      site: ['same-site', 'same-site'],
    }),
  ],
});
