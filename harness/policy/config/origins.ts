/**
 * Declared origins: exact ones, patterns, `*` and `null`. What they allow, and which concrete origins stand for
 * them in a browser. Serialized origins are compared as bytes, as the CORS check does
 * (Fetch, CORS check).
 */
import { getDomain, getPublicSuffix } from 'tldts';
import type { DeclaredOrigin } from './schema.ts';

/** One declared origin, ready to be asked. */
export interface OriginRule {
  /** As it was written. */
  readonly declared: string;
  readonly kind: 'exact' | 'pattern' | 'any' | 'null';
  /** Of a pattern: a regular expression for the whole origin, without anchors. */
  readonly source?: string;
  /** Concrete origins that it allows. Empty for `*`. */
  readonly samples: readonly string[];
  /** Whether it allows this serialized origin. */
  allows(origin: string): boolean;
}

/** A page of this origin, or a sandboxed frame for `null`, stands for "any origin" where the policy says `*`. */
export const ANY_SAMPLES = ['https://any-site.example', 'null'] as const;

/** Makes a regular expression that matches just this text. */
export const escapeRegex = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Scheme, host pattern and port pattern of a declared pattern; null where it is none of that shape. */
export function splitPattern(declared: string): { scheme: string; host: string; port: string } | null {
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^/?#:@]+|\[[^\]]*\])(?::(\d+|\*))?$/.exec(declared);
  return match ? { scheme: match[1] as string, host: match[2] as string, port: match[3] ?? '' } : null;
}

function patternSource(scheme: string, host: string, port: string): string {
  const labels = host
    .split('.')
    .map(label =>
      label === '**' ? '[^.:/]+(?:\\.[^.:/]+)*' : escapeRegex(label).replace(/\\\*/g, '[^.:/]+'),
    )
    .join('\\.');
  const ports = port === '*' ? '(?::\\d+)?' : port ? `:${port}` : '';
  return `${escapeRegex(scheme)}://${labels}${ports}`;
}

/** Two names per wildcard, so that an implementation that allows only one of them shows. */
function samplesOf(scheme: string, host: string, port: string): string[] {
  const at = (label: string) => {
    const filled = host
      .split('.')
      .map(part => (part === '**' ? `${label}.deep` : part.replaceAll('*', label)))
      .join('.');
    return `${scheme}://${filled}${port && `:${port === '*' ? '4321' : port}`}`;
  };
  return [...new Set([at('one'), at('two')])];
}

/** @param declared one that passed the linter */
export function originRule(declared: DeclaredOrigin): OriginRule {
  if (typeof declared !== 'string') {
    const whole = new RegExp(`^(?:${declared.regex})$`);
    return {
      declared: `/${declared.regex}/`,
      kind: 'pattern',
      source: declared.regex,
      samples: declared.examples,
      allows: origin => whole.test(origin),
    };
  }
  if (declared === '*') return { declared, kind: 'any', samples: ANY_SAMPLES, allows: () => true };
  if (declared === 'null')
    return { declared, kind: 'null', samples: ['null'], allows: origin => origin === 'null' };
  if (!declared.includes('*'))
    return { declared, kind: 'exact', samples: [declared], allows: origin => origin === declared };
  const parts = splitPattern(declared);
  if (!parts) throw new TypeError(`"${declared}" is no origin pattern`);
  const source = patternSource(parts.scheme, parts.host, parts.port);
  const regex = new RegExp(`^${source}$`);
  return {
    declared,
    kind: 'pattern',
    source,
    samples: samplesOf(parts.scheme, parts.host, parts.port),
    allows: origin => regex.test(origin),
  };
}

/** The rules of a policy's or a resource's `origins`. */
export function originRules(declared: DeclaredOrigin | readonly DeclaredOrigin[]): OriginRule[] {
  return (Array.isArray(declared) ? declared : [declared]).map(one => originRule(one as DeclaredOrigin));
}

/** Whether it is the serialized origin of an http or https page: a URL parser leaves it as it is. */
export function isPageOrigin(text: string): boolean {
  try {
    const { protocol, origin } = new URL(text);
    return /^https?:$/.test(protocol) && origin === text;
  } catch {
    return false;
  }
}

/** Whether the rules allow a serialized origin. */
export const isAllowed = (rules: readonly OriginRule[], origin: string): boolean =>
  rules.some(rule => rule.allows(origin));

/** Every concrete origin that stands for the rules, without repetition. */
export const sampleOrigins = (rules: readonly OriginRule[]): string[] => [
  ...new Set(rules.flatMap(rule => rule.samples)),
];

/** The domain of a host that its owner has registered, without whom it gives names below it; the host itself if none. */
export const baseDomain = (host: string): string => getDomain(host, { extractHostname: false }) ?? host;

/** Suffixes under which strangers are given hosts, and that the Public Suffix List does not name. */
const UNLISTED_SUFFIXES = ['glitch.me', 'netlify.com', 'replit.dev'];

/** Whether anybody can have a host directly under this suffix: to register, or given by a service. */
export function isSharedSuffix(suffix: string): boolean {
  if (!suffix.includes('.')) return suffix !== 'localhost';
  if (UNLISTED_SUFFIXES.includes(suffix)) return true;
  return getPublicSuffix(`any.${suffix}`, { allowPrivateDomains: true, extractHostname: false }) === suffix;
}
