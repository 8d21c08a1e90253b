/** A finding's request as a shell line that anybody can try. */
import { namesInVary } from '../../standard/vary.ts';
import { type Exchange, type HeaderLine, headerValue } from '../../wire/exchange.ts';

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** What decides: the CORS protocol's own headers, and what carries credentials or asks for something special. */
const DECIDING =
  /^(?:origin|access-control-request-.*|cookie|authorization|content-type|range|if-none-match|if-modified-since|vary)$/i;

const isDeciding = ([name, value]: HeaderLine): boolean =>
  DECIDING.test(name) ||
  // The Referer of an ordinary page is no more than its origin, and a server is asked in English.
  (/^referer$/i.test(name) && /\?https?:/.test(value)) ||
  (/^accept-language$/i.test(name) && !/^en\b/i.test(value));

/** What browsers send and a command line does not, where the answer itself says that it depends on it. */
const OF_BROWSERS = /^(?:accept-language|referer|user-agent|sec-fetch-.*)$/i;

/** What compresses answers may fail at it: then only who accepts the same codings sees it fail. */
const isOfFailure = ([name]: HeaderLine, status: number): boolean =>
  status >= 500 && /^accept-encoding$/i.test(name);

export function decidingHeaders({ request, response }: Exchange): HeaderLine[] {
  const { headers = [], status = 0 } = response ?? {};
  const varies = namesInVary(headerValue(headers, 'vary'));
  return request.headers.filter(
    line =>
      isDeciding(line) ||
      isOfFailure(line, status) ||
      (OF_BROWSERS.test(line[0]) && varies.includes(line[0].toLowerCase())),
  );
}

/** Whether a header's value is the user's secret: it then stands there as a variable of the shell. */
const isSecret = (name: string, secrets: ReadonlySet<string>): boolean =>
  ['cookie', 'authorization'].includes(name.toLowerCase()) || secrets.has(name.toLowerCase());

/** A body longer than this makes a line that nobody reads; what refuses a request shows in its first bytes anyway. */
const LONGEST_BODY = 200;

/** What compresses an answer is a layer of its own, which may change more of it than the body. */
const isCompressed = ({ response }: Exchange): boolean =>
  headerValue(response?.headers ?? [], 'content-encoding') !== null;

/** The body of a request that the server answers with an error: it may be what the error is about. */
function bodyOf({ request, response }: Exchange): string[] {
  const { body = '' } = request;
  const failed = (response?.status ?? 0) >= 400;
  if (!failed || body === '' || body.length > LONGEST_BODY || !/^[ -~]*$/.test(body)) return [];
  return ['--data-raw', quote(body)];
}

/**
 * @param at scheme, host and port at which the server answers, which may be others than those that browsers know
 * @param secrets lower-case names of headers whose values stay out of it
 */
export function curlFor(exchange: Exchange, at: string | undefined, secrets: ReadonlySet<string>): string {
  const { method, url } = exchange.request;
  const { pathname, search, origin } = new URL(url);
  const target = `${at ?? origin}${pathname}${search}`;
  const verb = method === 'GET' ? [] : method === 'HEAD' ? ['-I'] : ['-X', method];
  const deciding = decidingHeaders(exchange);
  const headers = exchange.request.headers
    .filter(line => deciding.includes(line) || secrets.has(line[0].toLowerCase()))
    .flatMap(([name, value]) =>
      isSecret(name, secrets)
        ? ['-H', `"${name}: $${name.toUpperCase().replaceAll('-', '_')}"`]
        : ['-H', quote(`${name}: ${value}`)],
    );
  const compressed = isCompressed(exchange) ? ['--compressed'] : [];
  return ['curl', '-i', ...compressed, ...verb, ...headers, ...bodyOf(exchange), quote(target)].join(' ');
}
