/** Words for redirects: P is the page's own origin, A and B are other origins. */
import type { Answer, Resource } from '../harness/case/schema.ts';
import { acao, at } from './helpers.ts';

type Line = [name: string, value: string];

/** The statuses that redirect (Fetch, "redirect status"). */
export const REDIRECT_STATUSES = [301, 302, 303, 307, 308] as const;

/** A redirect to another resource of the case, or to a URL. */
export const redirect = (to: string, status: number, ...headers: Line[]): Answer => ({
  status,
  headers: [['Location', /[:/]/.test(to) ? to : `{url:${to}}`], ...headers],
  body: '',
});

/** Allows whatever origin asks: what a server that reflects Origin answers. */
export const echo: Line = acao('{request:origin}');

/** Origin P: the page's own origin. */
export const P = (script: Omit<Resource, 'at'>): Resource => at('site', script);
/** Origin A, where `main` lives unless the case says otherwise. */
export const A = (script: Omit<Resource, 'at'>): Resource => at('target', script);
/** Origin B, a third one. */
export const B = (script: Omit<Resource, 'at'>): Resource => at('other-target', script);

/** What script sees of the response at the end of a redirect to `hop2`. */
export const landed = { type: 'cors', status: 200, redirected: true, url: '{url:hop2}' } as const;
