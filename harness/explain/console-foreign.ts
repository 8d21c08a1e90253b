/**
 * Firefox writes its CORS messages in the user's language. The URL, the names of headers and what is quoted stay as they
 * are, so that most reasons can be told by them.
 */
import type { ConsoleMessage, Details } from './console-message.ts';
import type { ReasonId } from './reasons.ts';

/** What the languages with the most users have for "missing". */
const MISSING =
  /fehlt|manquant|faltante|falta|отсутствует|足りない|ありません|缺少|缺失|manca|ausente|ontbreekt|brak/i;

const QUOTED = /(?:["'`]|[«‹「『]\s*)([^"'`«»‹›「」『』]+?)(?:["'`]|\s*[»›」』])/g;

/** @returns null unless the line is built as Firefox's are: a URL, the word CORS, and a reason */
export function readForeign(line: string): ConsoleMessage | null {
  const url = /https?:\/\/[^\s"'`«»()（）。，]+/.exec(line)?.[0].replace(/[.,]$/, '');
  if (url === undefined || !/CORS/.test(line)) return null;
  const quoted = [...line.matchAll(QUOTED)].map(match => match[1] as string).filter(one => one !== url);
  const header = quoted.find(name => /^Access-Control-Allow-\w+$/i.test(name));
  const found = header === undefined ? withoutHeader(line) : withHeader(line, header, quoted);
  if (!found) return null;
  const [reason, details] = found;
  const status = /\D(\d{3})\s*[.。]?$/.exec(line)?.[1];
  return {
    line,
    reason,
    engine: 'firefox',
    url,
    ...details,
    ...(status !== undefined && { status: Number(status) }),
  };
}

type Found = readonly [reason: ReasonId, details: Details];

/** "(null)" stands for the status of an answer that never came. */
const withoutHeader = (line: string): Found | null =>
  /\(null\)\s*[.。]?$/.test(line) ? ['no-answer', {}] : null;

function withHeader(line: string, header: string, quoted: readonly string[]): Found {
  const [other] = quoted.filter(one => one !== header && !/^(?:Same Origin|CORS|Cross-Origin)$/i.test(one));
  switch (header.toLowerCase()) {
    case 'access-control-allow-credentials':
      return ['allow-credentials-missing', {}];
    case 'access-control-allow-methods':
      if (other !== undefined) return ['list-invalid', { at: 'preflight', header, value: other }];
      return ['method-not-allowed', { at: 'preflight' }];
    case 'access-control-allow-headers':
      return [
        other === 'Authorization' ? 'authorization-not-covered' : 'header-not-allowed',
        { at: 'preflight', ...(other !== undefined && { header: other }) },
      ];
    default:
      if (other === '*') return ['wildcard-with-credentials', {}];
      if (other !== undefined) return ['allow-origin-differs', { value: other }];
      return [MISSING.test(line) ? 'allow-origin-missing' : 'allow-origin-missing-or-differs', {}];
  }
}
