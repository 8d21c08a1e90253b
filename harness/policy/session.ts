/** Whether the login, the cookies or the token of a policy were accepted for as long as the server was asked. */
import { isRedirectStatus } from '../standard/redirect.ts';
import { isSecretName } from '../wire/redact.ts';
import type { PolicyResource } from './config/read.ts';
import { originsOf, type PolicyPlan, safeMethodOf } from './plan.ts';
import type { Trial } from './trial.ts';

/** The question that tells: a declared request that was served before, at the end of all. */
export const LOGIN_AGAIN = 'login-again';

/** A header of the policy, sent with or without credentials, says who asks: a token or a key. */
const hasToken = ({ headers }: PolicyResource): boolean => headers.some(([name]) => isSecretName(name));

/** The policy sends something with requests for the resource that says who asks. */
export const hasSession = (resource: PolicyResource): boolean =>
  Object.keys(resource.cookies).length > 0 || hasToken(resource);

/** The status of the resource's own answer, before any redirect was followed; 0 if there is none. */
const statusOf = ({ exchanges }: Trial): number =>
  exchanges.find(({ role }) => role === 'actual')?.response?.status ?? 0;

const isRefused = (status: number): boolean => status === 401 || status === 403 || isRedirectStatus(status);

const isServed = (status: number): boolean => status >= 200 && status < 300;

/** Sent with all that the policy has to say who asks. */
const inSession = (trial: Trial, resource: PolicyResource): boolean =>
  hasSession(resource) &&
  trial.about.without === undefined &&
  (hasToken(resource) || (trial.about.credentials && !trial.lacksCookie));

/**
 * Whether a declared page was served, and the same page, or nobody's, was refused another time.
 * @param trials whatever ran
 */
export function isRefusedNow(resource: PolicyResource, trials: readonly Trial[]): boolean {
  const method = safeMethodOf(resource);
  const origins: readonly (string | null)[] = [...originsOf(resource), null];
  const own = trials.filter(
    trial =>
      trial.about.resource === resource.name &&
      trial.about.method === method &&
      origins.includes(trial.about.origin) &&
      inSession(trial, resource),
  );
  return own.some(trial => isServed(statusOf(trial))) && own.some(trial => isRefused(statusOf(trial)));
}

/**
 * The statuses by which a login that had been accepted was refused at the end: every time, and not in turn, as servers
 * do of which one knows the login and another one does not.
 */
export function endedBy(trials: readonly Trial[]): ReadonlySet<number> {
  const last = new Map<string, number[]>();
  for (const trial of trials) {
    const { ask, resource } = trial.about;
    if (ask === LOGIN_AGAIN) last.set(resource, [...(last.get(resource) ?? []), statusOf(trial)]);
  }
  return new Set([...last.values()].filter(statuses => statuses.every(isRefused)).flat());
}

/**
 * Whether a trial shows no more than that its login had ended. A page that the policy does not allow, and that can read
 * even that, shows more.
 */
export function onlyLoggedOut(trial: Trial, plan: PolicyPlan, ended: ReadonlySet<number>): boolean {
  const { ask, resource, attacker } = trial.about;
  if (!ended.has(statusOf(trial)) || ask === LOGIN_AGAIN || (attacker && trial.readable)) return false;
  const declared = plan.resources.find(({ name }) => name === resource);
  return declared ? inSession(trial, declared) : resource === 'errors';
}
