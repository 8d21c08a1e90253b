/** Words for redirects: P is the page's own origin, A and B are other origins. */
import type { Answer, Resource } from '../harness/case/schema.ts';
import { acao, type HeaderLine, resourceAt } from './helpers.ts';

/** The statuses that redirect (Fetch, "redirect status"). */
export const REDIRECT_STATUSES = [301, 302, 303, 307, 308] as const;

/** A redirect to another resource of the case, or to a URL. */
export const redirect = (to: string, status: number, ...headers: HeaderLine[]): Answer => ({
  status,
  headers: [['Location', /[:/]/.test(to) ? to : `{url:${to}}`], ...headers],
  body: '',
});

/** Allows whatever origin asks: what a server that reflects Origin answers. */
export const acaoReflected: HeaderLine = acao('{request:origin}');

/** Origin P: the page's own origin. */
export const onPageOrigin = (script: Omit<Resource, 'at'>): Resource => resourceAt('site', script);
/** Origin A, where `main` lives unless the case says otherwise. */
export const onTarget = (script: Omit<Resource, 'at'>): Resource => resourceAt('target', script);
/** Origin B, a third one. */
export const onThirdOrigin = (script: Omit<Resource, 'at'>): Resource => resourceAt('other-target', script);

/** What script sees of the response at the end of a redirect to `hop2`. */
export const reachedHop2 = { type: 'cors', status: 200, redirected: true, url: '{url:hop2}' } as const;
