/** The rules: how bad, what is wrong and why it matters, which section decides, and what kind of change mends it. */
import type { AttackerKind } from './attackers.ts';
import { type DerivedSeverity, SPEC } from './derived.ts';
import type { Concept } from './fixes.ts';

export interface Rule {
  readonly severity: DerivedSeverity;
  readonly text: string;
  readonly spec: string;
  readonly mend: Concept;
}

const rule = (severity: DerivedSeverity, mend: Concept, spec: keyof typeof SPEC, text: string): Rule => ({
  severity,
  mend,
  spec: SPEC[spec],
  text,
});

const origin = (text: string) =>
  rule(
    'error',
    'origins',
    'check',
    `An origin that the policy does not declare may read the answers: ${text}`,
  );

const BROWSER_RULES = {
  'no-answer': rule('error', 'reach', 'cors', 'The server did not answer with complete HTTP.'),
  'preflight-auth': rule(
    'error',
    'preflight',
    'preflight',
    'The preflight is refused as unauthorized. A preflight never carries cookies or an Authorization header, so it must be answered before authentication.',
  ),
  'preflight-not-routed': rule(
    'error',
    'preflight',
    'preflight',
    'The preflight is not routed: OPTIONS must be answered with an ok status on this path.',
  ),
  'preflight-redirect': rule(
    'error',
    'redirect',
    'preflight',
    'The preflight is redirected. Browsers do not follow a redirect there: the request never happens.',
  ),
  'preflight-status': rule(
    'error',
    'preflight',
    'preflight',
    'The preflight is answered with a status that is not ok (200 to 299): the request never happens.',
  ),
  'preflight-without-cors': rule(
    'error',
    'preflight',
    'preflight',
    'The preflight is answered without Access-Control-Allow-Origin, though the request itself would be.',
  ),
  'response-without-cors': rule(
    'error',
    'once',
    'check',
    'The preflight allows the request, but the answer to it carries no Access-Control-Allow-Origin.',
  ),
  'origin-not-allowed': rule('error', 'origins', 'check', 'A declared origin is not allowed.'),
  'error-without-cors': rule(
    'error',
    'errors',
    'check',
    'Error answers carry no CORS headers: the page sees a network error instead of the reason.',
  ),
  'redirect-without-cors': rule(
    'error',
    'redirect',
    'check',
    'The request is redirected, and the redirect carries no CORS headers.',
  ),
  'origin-repeated': rule(
    'error',
    'once',
    'check',
    'Access-Control-Allow-Origin is sent more than once, or with more than one value: no browser accepts that. Two layers each add it.',
  ),
  'origin-misspelt': rule(
    'error',
    'origins',
    'check',
    'Access-Control-Allow-Origin is not spelt as browsers spell the origin, and they compare it byte by byte.',
  ),
  'wildcard-with-credentials': rule(
    'error',
    'credentials',
    'credentials',
    'Access-Control-Allow-Origin is "*", which is no wildcard where credentials are included. Answer the declared origins by name; answering every origin by name would be no remedy.',
  ),
  'credentials-missing': rule(
    'error',
    'credentials',
    'credentials',
    'Access-Control-Allow-Credentials is missing, though the policy declares credentials.',
  ),
  'credentials-misspelt': rule(
    'error',
    'credentials',
    'credentials',
    'Access-Control-Allow-Credentials is not exactly "true": browsers take anything else for no.',
  ),
  'list-malformed': rule(
    'error',
    'methods',
    'preflight',
    'A list in the preflight is not well-formed, so the preflight fails as a whole.',
  ),
  'method-not-allowed': rule(
    'error',
    'methods',
    'preflight',
    'A declared method is not allowed by the preflight.',
  ),
  'header-not-allowed': rule(
    'error',
    'headers',
    'preflight',
    'A declared request header is not allowed by the preflight.',
  ),
  'expose-missing': rule(
    'error',
    'expose',
    'expose',
    'A declared response header is sent, but script cannot read it: Access-Control-Expose-Headers of this answer does not name it.',
  ),
  'expose-undeclared': rule(
    'warning',
    'expose',
    'expose',
    'Script can read response headers that the policy does not declare.',
  ),
  'max-age-missing': rule(
    'error',
    'max-age',
    'cache',
    'The preflight carries no Access-Control-Max-Age: browsers ask again after five seconds, or every time.',
  ),
  'max-age-malformed': rule(
    'error',
    'max-age',
    'cache',
    'Access-Control-Max-Age is no whole number of seconds, so browsers use their default of five seconds.',
  ),
  'max-age-differs': rule(
    'warning',
    'max-age',
    'cache',
    'Access-Control-Max-Age is not the declared number of seconds.',
  ),
  'max-age-ignored': rule(
    'note',
    'none',
    'cache',
    'The preflight carries the declared Access-Control-Max-Age, but the browser did not keep to it.',
  ),
  'vary-missing': rule(
    'warning',
    'vary',
    'vary',
    'The answer depends on Origin, but does not say so with "Vary: Origin": a cache gives one origin the answer meant for another, or for none. It must stand on every answer of this URL, also on those without Access-Control-Allow-Origin.',
  ),
  'vary-injected': rule(
    'warning',
    'vary',
    'vary',
    'The Vary header of the request is copied into the answer: a client can decide how caches keep it.',
  ),
  'answer-changes': rule(
    'error',
    'origins',
    'check',
    'The same request is answered now with, now without permission. A regular expression with the flag "g" or "y" does that: it remembers where it stopped.',
  ),
  'status-differs': rule('warning', 'errors', 'check', 'The answer has another status than the policy says.'),
  'no-origin-refused': rule(
    'error',
    'no-origin',
    'origin',
    'A request without Origin is refused. Such requests come from servers, command lines and plain navigation: CORS has no say in them.',
  ),
  'origin-wildcard': rule(
    'warning',
    'origins',
    'check',
    'Access-Control-Allow-Origin is "*", though the policy names the origins that may read.',
  ),
  'method-undeclared': rule(
    'warning',
    'methods',
    'preflight',
    'The preflight allows methods that the policy does not declare.',
  ),
  'header-undeclared': rule(
    'warning',
    'headers',
    'preflight',
    'The preflight allows request headers that the policy does not declare.',
  ),
  'credentials-undeclared': rule(
    'warning',
    'credentials',
    'credentials',
    'Answers to requests with credentials are readable, though the policy declares no credentials.',
  ),
  'private-network-undeclared': rule(
    'warning',
    'private-network',
    'privateNetwork',
    'The preflight lets public sites reach a private network, though the policy does not declare that.',
  ),
  'private-network-missing': rule(
    'warning',
    'private-network',
    'privateNetwork',
    'The preflight does not answer the question for a private network, though the policy declares it.',
  ),
  'resource-fails': rule(
    'note',
    'reach',
    'cors',
    'The resource itself answers with an error, so its policy was only tried on error answers. Check path, headers and body, or declare the status.',
  ),
  'engine-differs': rule(
    'warning',
    'none',
    'cors',
    'The browser did not do what the bytes on the wire call for: the cause is not the server.',
  ),
} as const satisfies Record<string, Rule>;

const ATTACKER_RULES: Readonly<Record<Exclude<AttackerKind, 'form'>, Rule>> = {
  unrelated: origin('the server answers any origin by name.'),
  null: origin('the server allows "null", which every site can send from a sandboxed frame.'),
  contains: origin('the server looks for an allowed name anywhere in the origin.'),
  prefix: origin('the server compares only how the origin begins.'),
  suffix: origin('the server compares only how the origin ends.'),
  'label-suffix': origin('the server compares only how the origin ends, without the dot before a name.'),
  part: origin("the server asks whether an allowed name contains the origin's, the wrong way round."),
  dot: origin('a dot in a pattern is not escaped and matches any character.'),
  joined: origin('the server mixes the beginning of one allowed origin with the end of another.'),
  special: origin('a pattern stops at a character that browsers let stand in a host name.'),
  sibling: origin('the server trusts every name under the domain.'),
  subdomain: origin('the server trusts every name under an allowed one.'),
  deep: origin('a wildcard stands for more labels than the policy says.'),
  'trailing-dot': origin('the server takes a name with a trailing dot for the same origin.'),
  scheme: origin(
    'the server does not compare the scheme: whoever sits on the network can act as that origin.',
  ),
  port: origin('the server does not compare the port.'),
  hosting: origin('the server trusts a host where anybody can publish a page.'),
  localhost: origin("the server trusts pages served from the visitor's own machine, or that pretend to be."),
};

export type AttackerRule = `origin-${Exclude<AttackerKind, 'form' | 'unrelated'>}` | 'origin-reflected';
export type RuleId = keyof typeof BROWSER_RULES | AttackerRule;

export const attackerRule = (kind: AttackerKind): RuleId =>
  kind === 'unrelated' ? 'origin-reflected' : (`origin-${kind}` as RuleId);

/** Every rule by its name. */
export const RULES: Readonly<Record<RuleId, Rule>> = {
  ...BROWSER_RULES,
  ...(Object.fromEntries(
    Object.entries(ATTACKER_RULES).map(([kind, one]) => [attackerRule(kind as AttackerKind), one]),
  ) as Record<AttackerRule, Rule>),
};
