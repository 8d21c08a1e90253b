/** Declared origins that no browser sends, or that let strangers in. Every message says what to write instead. */

import { whyDifferent } from '../../standard/explain-origin.ts';
import { isLoopbackHost } from '../../standard/origin.ts';
import type { Report } from './issue.ts';
import { isSharedSuffix, originRule, splitPattern } from './origins.ts';
import type { DeclaredOrigin } from './schema.ts';

/** What a serialized origin of a URL looks like, or null if it is not a URL. */
export function serialized(text: string): string | null {
  try {
    const url = new URL(text);
    return `${url.protocol}//${url.host}`;
  } catch {
    return null;
  }
}

/** Why an exact origin is not what browsers send (HTML, serialization of an origin). */
function misspelt(text: string): string | null {
  const right = serialized(text);
  if (right === null)
    return `"${text}" is not an origin: write scheme://host, for example https://app.example.com.`;
  if (text === right) return null;
  const why = whyDifferent(text, right);
  return `Write "${right}", as browsers send it: ${why}.`;
}

function lintRegex(declared: Exclude<DeclaredOrigin, string>, at: OriginAt, report: Report): void {
  const { path, credentials } = at;
  let regex: RegExp;
  try {
    regex = new RegExp(`^(?:${declared.regex})$`);
  } catch (error) {
    report(`${path}.regex`, 'error', `${(error as Error).message}. Write a JavaScript regular expression.`);
    return;
  }
  if (/(?<![\\[])\.(?![*+?{])/.test(declared.regex.replace(/\[[^\]]*\]/g, '')))
    report(
      `${path}.regex`,
      'warning',
      'An unescaped dot matches any character: write \\. if you mean a dot.',
    );
  for (const [index, example] of declared.examples.entries()) {
    const wrong = misspelt(example);
    if (wrong) report(`${path}.examples[${index}]`, 'error', wrong);
    else if (!regex.test(example))
      report(`${path}.examples[${index}]`, 'error', `"${example}" does not match the regular expression.`);
    else lintScheme(example, `${path}.examples[${index}]`, credentials, report);
  }
}

/** Where an origin stands, and whether it is allowed with credentials. */
interface OriginAt {
  readonly path: string;
  readonly credentials: boolean;
}

export function lintOrigin(declared: DeclaredOrigin, at: OriginAt, report: Report): void {
  const { path, credentials } = at;
  if (typeof declared !== 'string') {
    lintRegex(declared, at, report);
    return;
  }
  if (declared === '*') {
    if (credentials)
      report(
        path,
        'error',
        '"*" and credentials exclude each other: with credentials "*" is not a wildcard, and answering every origin by name gives each of them the user\'s data. List the origins, or set credentials to false.',
      );
    return;
  }
  if (declared === 'null') {
    report(
      path,
      'warning',
      `"null" is the origin of every sandboxed frame, data: URL and local file: any site can send it${credentials ? ", here with the user's credentials" : ''}. List real origins instead.`,
    );
    return;
  }
  if (declared.includes('*')) {
    lintPattern(declared, path, credentials, report);
    return;
  }
  const wrong = misspelt(declared);
  if (wrong) report(path, 'error', wrong);
  else lintScheme(declared, path, credentials, report);
}

function lintPattern(declared: string, path: string, credentials: boolean, report: Report): void {
  const parts = splitPattern(declared);
  if (!parts || /\*\*./.test(parts.host.replaceAll('**.', '')) || parts.host === '*' || parts.host === '**') {
    report(
      path,
      'error',
      `"${declared}" is not a pattern: * stands for one label or a part of one, ** for one or more labels, as in https://*.example.com or http://localhost:*.`,
    );
    return;
  }
  for (const sample of originRule(declared).samples) {
    const wrong = misspelt(sample);
    if (wrong) {
      report(path, 'error', `The pattern is not spelt as browsers spell origins. ${wrong}`);
      return;
    }
  }
  const labels = parts.host.split('.');
  const last = labels.findLastIndex(label => label.includes('*'));
  const base = labels.slice(last + 1).join('.');
  if (last >= 0 && isSharedSuffix(base))
    report(
      path,
      credentials ? 'error' : 'warning',
      `Anybody can have a host under "${base || 'any suffix'}": the pattern allows strangers. Name the hosts you own.`,
    );
  lintScheme(originRule(declared).samples[0] as string, path, credentials, report);
}

function lintScheme(origin: string, path: string, credentials: boolean, report: Report): void {
  const { protocol, hostname } = new URL(origin);
  if (protocol === 'http:' && credentials && !isLoopbackHost(hostname))
    report(
      path,
      'warning',
      `${origin} is not encrypted: whoever sits on the network can act as that origin and read with the user's credentials. Use https.`,
    );
}
