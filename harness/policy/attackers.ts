/**
 * Origins that a policy does not allow but that careless matching lets through, derived from each declared
 * origin and from the target's own host. The kinds are those that scanners and advisories name: reflection,
 * prefix, suffix, substring and unescaped-dot matches, `null`, scheme and port left unchecked, shared hosting.
 */
import {
  baseDomain,
  isAllowed,
  isLoopbackHost,
  isPageOrigin,
  isSharedSuffix,
  type OriginRule,
  sampleOrigins,
} from './origins.ts';

export const ATTACKER_KINDS = [
  'unrelated',
  'null',
  'contains',
  'prefix',
  'suffix',
  'label-suffix',
  'part',
  'dot',
  'joined',
  'special',
  'sibling',
  'subdomain',
  'deep',
  'trailing-dot',
  'scheme',
  'port',
  'hosting',
  'localhost',
  'form',
] as const;
export type AttackerKind = (typeof ATTACKER_KINDS)[number];

export interface Attacker {
  /** Stable: kind and position, for example prefix-1. */
  readonly id: string;
  readonly kind: AttackerKind;
  /** The Origin header's value. */
  readonly origin: string;
  /** What a server that allows it does wrong, as the end of a sentence about the server. */
  readonly why: string;
  /** Whether a page in a browser can have this origin. */
  readonly browser: boolean;
  /** The declared origin it was derived from. */
  readonly from?: string;
}

type Draft = Omit<Attacker, 'id'>;

/** Reserved by RFC 2606: nobody can own it, so nothing here points at a real site. */
const EVIL = 'evil.example';

/**
 * Characters that are no part of a host name but that the URL Standard lets stand in one
 * (https://url.spec.whatwg.org/#forbidden-domain-code-point lists those it does not).
 */
const SPECIAL = ['_', '-', '!', '$', '&', "'", '(', ')', '+', ',', ';', '=', '`', '{', '}', '~', '"'];
/** Those that stop the patterns most often seen; enough from the second declared origin on. */
const FEW_SPECIAL = ['_', '-', '`'];

/** Hosts where anybody can publish a page. */
const HOSTING = ['https://attacker.github.io', 'https://codepen.io', 'https://jsfiddle.net'];

const LOCAL = ['http://localhost', 'http://localhost:3000', 'http://127.0.0.1:3000'];

interface Parts {
  readonly scheme: string;
  readonly host: string;
  /** With its colon, or empty. */
  readonly port: string;
}

function split(origin: string): Parts | null {
  const match = /^(https?):\/\/([^:/]+|\[[^\]]+\])(:\d+)?$/.exec(origin);
  return match ? { scheme: match[1] as string, host: match[2] as string, port: match[3] ?? '' } : null;
}

type Make = (kind: AttackerKind, origin: string, why: string) => Draft;

/** Attackers around one origin that end, begin or surround it, whatever its host is. */
function surroundings(make: Make, { scheme, host, port }: Parts): Draft[] {
  const otherPort = port === ':8443' ? ':9443' : ':8443';
  const drafts = [
    make('contains', `${scheme}://x-${host}.${EVIL}${port}`, `it looks for "${host}" anywhere in the origin`),
    make(
      'prefix',
      `${scheme}://${host}.${EVIL}${port}`,
      `it compares only how the origin begins: what follows "${host}" is not checked`,
    ),
    make('port', `${scheme}://${host}${otherPort}`, 'it does not compare the port'),
  ];
  if (port !== '') drafts.push(make('port', `${scheme}://${host}`, 'it does not compare the port'));
  if (scheme === 'https')
    drafts.push(
      make(
        'scheme',
        `http://${host}${port}`,
        'it does not compare the scheme: whoever sits on the network can act as that origin',
      ),
    );
  return drafts;
}

/** Attackers that play with the labels of a host name. */
function names(make: Make, { scheme, host, port }: Parts, pattern: boolean): Draft[] {
  const at = (name: string) => `${scheme}://${name}${port}`;
  const base = baseDomain(host);
  const isBase = host === base || isSharedSuffix(base);
  const foreign = (name: string) => `it compares only how the origin ends: "${name}" is another name`;
  const below = (name: string) =>
    `it trusts every name under ${name}, also one that was taken over or runs foreign script`;
  const drafts = [
    make(isBase ? 'suffix' : 'label-suffix', at(`evil${host}`), foreign(`evil${host}`)),
    make(pattern ? 'deep' : 'subdomain', at(`evil.${host}`), below(host)),
    make(
      'trailing-dot',
      at(`${host}.`),
      'it takes the name with a trailing dot for the same origin; browsers do not',
    ),
  ];
  if (!isBase)
    drafts.push(
      make('suffix', at(`evil${base}`), foreign(`evil${base}`)),
      make('sibling', at(`evil.${base}`), below(base)),
    );
  if (base.includes('.'))
    drafts.push(
      make(
        'part',
        at(base.slice(1)),
        "it asks whether the allowed name contains the origin's, the wrong way round",
      ),
    );
  for (const [index, letter] of [...host].entries())
    if (letter === '.')
      drafts.push(
        make(
          'dot',
          at(`${host.slice(0, index)}x${host.slice(index + 1)}`),
          'a dot in its pattern is not escaped and matches any character',
        ),
      );
  return drafts;
}

function around(from: string, pattern: boolean, characters: readonly string[]): Draft[] {
  const parts = split(from);
  if (!parts) return [];
  const make: Make = (kind, origin, why) => ({ kind, origin, why, browser: true, from });
  const { scheme, host, port } = parts;
  if (host.startsWith('[')) return surroundings(make, parts);
  if (isLoopbackHost(host))
    return surroundings(make, parts).map(draft =>
      draft.kind === 'prefix'
        ? { ...draft, kind: 'localhost', why: `it takes any name that begins with ${host} for this machine` }
        : draft,
    );
  return [
    ...surroundings(make, parts),
    ...(/^[\d.]+$/.test(host) ? [] : names(make, parts, pattern)),
    ...characters.map(character =>
      make(
        'special',
        `${scheme}://${host}${character}.${EVIL}${port}`,
        `its pattern stops at "${character}", which browsers let stand in a host name`,
      ),
    ),
  ];
}

/** Two allowed hosts glued together: a matcher that takes its prefix from one entry and its suffix from the other. */
function joined(origins: readonly string[]): Draft[] {
  return origins.flatMap((a, index) => {
    const first = split(a);
    const second = split(origins[index + 1] ?? '');
    if (!first || !second || isLoopbackHost(first.host)) return [];
    if (baseDomain(first.host) === baseDomain(second.host)) return [];
    const label = baseDomain(second.host).split('.')[0] as string;
    return {
      kind: 'joined' as const,
      origin: `${first.scheme}://${label}${first.host}${first.port}`,
      why: 'it mixes the beginning of one allowed origin with the end of another',
      browser: true,
      from: `${a} and ${origins[index + 1]}`,
    };
  });
}

/** Spellings that no browser sends: a parser that accepts them is lax, but no page can use that. */
function forms(from: string): Draft[] {
  const parts = split(from);
  if (!parts) return [];
  const { scheme, host, port } = parts;
  return [
    `${from}/`,
    `${scheme}://user@${host}${port}`,
    `${from}, https://${EVIL}`,
    `${scheme.toUpperCase()}://${host.toUpperCase()}${port}`,
  ].map(origin => ({
    kind: 'form',
    origin,
    why: 'it accepts an origin that is not spelt as browsers spell it',
    browser: false,
    from,
  }));
}

/**
 * Attacker origins for a resource, in a fixed order, without repetition, none of them allowed by the policy.
 * @param rules the declared origins
 * @param target the origin that browsers know the server by
 */
export function attackersFor(rules: readonly OriginRule[], target: string): Attacker[] {
  const origins = sampleOrigins(rules).filter(origin => origin !== 'null');
  const sources = rules
    .filter(rule => rule.kind === 'exact' || rule.kind === 'pattern')
    .map(rule => ({ from: rule.samples[0] as string, pattern: rule.kind === 'pattern' }));
  const drafts: Draft[] = [
    { kind: 'unrelated', origin: `https://${EVIL}`, why: 'it answers any origin by name', browser: true },
    {
      kind: 'null',
      origin: 'null',
      why: 'it allows "null", which every site can send from a sandboxed frame',
      browser: true,
    },
    ...sources.flatMap(({ from, pattern }, index) =>
      around(from, pattern, index === 0 ? SPECIAL : FEW_SPECIAL),
    ),
    ...around(target, false, FEW_SPECIAL),
    ...joined(origins),
    ...HOSTING.map(origin => ({
      kind: 'hosting' as const,
      origin,
      why: 'it trusts a host where anybody can publish a page',
      browser: true,
    })),
    ...LOCAL.map(origin => ({
      kind: 'localhost' as const,
      origin,
      why: "it trusts pages served from the visitor's own machine, as left over from development",
      browser: true,
    })),
    ...origins.flatMap(forms),
  ];
  const seen = new Set<string>([target]);
  const count = new Map<AttackerKind, number>();
  const attackers: Attacker[] = [];
  for (const draft of drafts) {
    if (seen.has(draft.origin) || isAllowed(rules, draft.origin)) continue;
    if (draft.browser && draft.origin !== 'null' && !isPageOrigin(draft.origin)) continue;
    seen.add(draft.origin);
    const n = (count.get(draft.kind) ?? 0) + 1;
    count.set(draft.kind, n);
    attackers.push({ id: `${draft.kind}-${n}`, ...draft });
  }
  return attackers;
}

const BELOW: readonly AttackerKind[] = ['deep', 'scheme'];

/** Kinds that a server lets through for the same reason: the broadest is named, these are not repeated beside it. */
export const IMPLIES: Readonly<Partial<Record<AttackerKind, readonly AttackerKind[]>>> = {
  unrelated: ATTACKER_KINDS,
  contains: ATTACKER_KINDS.filter(kind => !['unrelated', 'null', 'part', 'dot', 'hosting'].includes(kind)),
  prefix: ['special', 'trailing-dot', 'port', 'localhost'],
  suffix: ['label-suffix', 'dot', 'joined', 'sibling', 'subdomain', ...BELOW],
  sibling: ['label-suffix', 'subdomain', ...BELOW],
  'label-suffix': ['subdomain', ...BELOW],
  subdomain: BELOW,
};
