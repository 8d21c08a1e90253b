/** A policy as it is verified: the configuration resolved once, with the URL by which browsers know the server. */
import { isPutOff } from '../standard/response.ts';
import { sampleOrigins } from './config/origins.ts';
import { type ErrorRequest, type PolicyResource, resolveErrors, resolveResources } from './config/read.ts';
import type { ParsedConfig } from './config/schema.ts';

export interface PolicyPlan {
  /** Scheme, host and port that browsers ask, without a slash. */
  readonly base: string;
  /** What stands before every path of the policy; empty or a path without a slash at its end. */
  readonly prefix: string;
  readonly resources: readonly PolicyResource[];
  readonly errors: readonly ErrorRequest[];
  /** Every method that the policy declares, for whatever resource. */
  readonly methods: ReadonlySet<string>;
}

/** What a login gives: sent with every request from then on, as if the policy had declared it. */
export interface LoginSession {
  /** Cookies by name. */
  readonly cookies: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  /** The Set-Cookie lines as the server wrote them: their attributes decide what an engine sends to another site. */
  readonly setCookie: readonly string[];
}

/**
 * @param config checked by readConfig
 * @param url the URL by which browsers know the server; its path goes before those of the policy
 * @param session what a login gave, if there was one
 */
export function planFor(config: ParsedConfig, url: string, session?: LoginSession): PolicyPlan {
  const { origin, pathname } = new URL(url);
  const resources = resolveResources(config, session);
  return {
    base: origin,
    prefix: pathname.replace(/\/+$/, ''),
    resources,
    errors: resolveErrors(config, resources[0] as PolicyResource),
    methods: new Set(resources.flatMap(({ methods, allowedMethods }) => [...methods, ...allowedMethods])),
  };
}

/** The absolute URL of a path. Braces would be taken for placeholders, and no URL on the wire carries them raw. */
export const urlFor = ({ base, prefix }: PolicyPlan, path: string): string => urlAt(base, prefix + path);

/** The same with scheme, host and port alone. */
export const urlAt = (base: string, path: string): string =>
  `${base}${path.replaceAll('{', '%7B').replaceAll('}', '%7D')}`;

/** The URLs of declared errors that say "not now" (429 or 503): there that is what the policy wants. */
export const refusedUrls = (plan: PolicyPlan): ReadonlySet<string> =>
  new Set(plan.errors.flatMap(({ path, status }) => (isPutOff(status ?? 0) ? [urlFor(plan, path)] : [])));

/** Whether a page of a browser can have this origin: http, https, or a sandboxed frame for `null`. */
export const isOpenable = (origin: string): boolean => origin === 'null' || /^https?:/.test(origin);

/** The concrete origins that stand for what a resource declares; the first one is used by default. */
export const originsOf = (resource: PolicyResource): string[] => {
  const samples = sampleOrigins(resource.rules);
  // A page comes first, if there is one: engines can then confirm what the wire shows.
  return [...samples.filter(isOpenable), ...samples.filter(origin => !isOpenable(origin))];
};

/** The method used when any would do: one that changes nothing, if the resource has one. */
export const safeMethodOf = (resource: PolicyResource): string | undefined =>
  ['GET', 'HEAD'].find(method => resource.methods.includes(method));
