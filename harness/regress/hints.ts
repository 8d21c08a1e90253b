/** What a server's sources say about it: the origins and paths that they name, so that nobody has to repeat them. */
import { escapeRegex, isPageOrigin } from '../policy/config/origins.ts';

export interface Hints {
  /** Origins, concrete: a label takes the place of a wildcard. The likeliest first. */
  readonly origins: readonly string[];
  readonly paths: readonly string[];
  /** Sources of the regular expressions that match what wildcards and expressions in the sources allow. */
  readonly patterns: readonly string[];
}

/** More candidates than are asked in the end: which of them answer is found out when the server runs. */
const MOST_ORIGINS = 8;
const MOST_PATHS = 12;
const MOST_PATTERNS = 12;

const COMMENTS = /\/\*[\s\S]*?\*\/|(?:^|\s)\/\/[^\n]*|(?:^|\s)#(?![[!])[^\n]*/g;
/** A whole origin; what follows it must not make a longer URL of it. */
const ORIGIN =
  /(?<=["'`,;|\s(^=])(https?:\/\/[A-Za-z0-9.*-]+(?::(?:\d+|\*))?)(?:\/\*{0,2})?(?=["'`,;|\s)$]|$)/g;
/** A host name as regular expressions write it: every dot escaped. */
const ESCAPED_HOST = /(\\{1,2}\.)?((?:[A-Za-z0-9-]+\\{1,2}\.)+[A-Za-z][A-Za-z0-9-]+)/g;
const BARE_HOST = /["'`]((?:\*\.|\.)?(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?)["'`]/gi;
const ABOUT_ORIGINS = /origin|domain|host|cors|allow|whitelist|trusted/i;
/** What looks like a host and is a file or a module. */
const FILE =
  /\.(?:[cm]?[jt]sx?|json|html?|css|py|go|rs|java|kt|rb|php|md|txt|pem|key|crt|yml|yaml|toml|env|io|node)$/i;

/** A class in a module, as frameworks name their parts: no host is written so. */
const CLASS = /[A-Z][a-z]+[A-Z]|\.[A-Z][a-z]+$/;

const unique = (found: readonly string[], most: number): string[] => [...new Set(found)].slice(0, most);

/** @param sources the texts of a script and of what it imports, in any language. @param env the environment it will see */
export function hintsOf(
  sources: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Hints {
  const codes = sources.map(source => source.replace(COMMENTS, ' '));
  const origins = [
    ...codes.flatMap(fullOrigins),
    ...codes.flatMap(escapedHosts),
    ...codes.flatMap(code => fromEnvironment(code, env)),
    ...codes.flatMap(bareHosts),
  ];
  return {
    origins: unique(origins.filter(isPageOrigin), MOST_ORIGINS),
    paths: unique([...codes.flatMap(pathsOf), ...codes.flatMap(libraryPaths)], MOST_PATHS),
    patterns: unique([...codes.flatMap(wildcards), ...codes.flatMap(expressions)], MOST_PATTERNS),
  };
}

const concrete = (origin: string): string =>
  origin.replace(/:\*$/, ':3000').replace(/\*+/g, 'any').toLowerCase();

const fullOrigins = (code: string): string[] =>
  [...code.matchAll(ORIGIN)].map(([, origin = '']) => concrete(origin));

const escapedHosts = (code: string): string[] =>
  [...code.matchAll(ESCAPED_HOST)].map(
    ([, below, host = '']) => `https://${below ? 'any.' : ''}${host.replace(/\\/g, '').toLowerCase()}`,
  );

/** What wildcards in whole origins allow: a `*` stands for anything in a host, as most middlewares take it. */
const wildcards = (code: string): string[] =>
  [...code.matchAll(ORIGIN)].flatMap(([, origin = '']) =>
    origin.includes('*') ? [`^${origin.split('*').map(escapeRegex).join('[^/]*')}$`] : [],
  );

/** A regular expression as JavaScript writes it, or as a string. */
const LITERAL =
  /(?<=[[(,=:?]\s*)\/((?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+)\/[a-z]*|(["'`])((?:\\.|(?!\2)[^\\\n])*)\2/g;

/** The regular expressions with an escaped host in them. */
function expressions(code: string): string[] {
  return [...code.matchAll(LITERAL)].flatMap(([, literal, , text = '']) => {
    const source = literal ?? text.replaceAll('\\\\', '\\');
    return source.search(ESCAPED_HOST) >= 0 && isExpression(source) ? [source] : [];
  });
}

function isExpression(source: string): boolean {
  try {
    return new RegExp(source).source !== '';
  } catch {
    return false;
  }
}

/** Hosts without a scheme, if what stands before them is about origins. */
function bareHosts(code: string): string[] {
  return [...code.matchAll(BARE_HOST)].flatMap(([, host = ''], i, all) => {
    const at = all[i]?.index ?? 0;
    if (FILE.test(host) || CLASS.test(host) || !ABOUT_ORIGINS.test(code.slice(Math.max(0, at - 160), at)))
      return [];
    return [`https://${host.replace(/^\*?\./, 'any.').toLowerCase()}`];
  });
}

/** How programs name the variables that they read. */
const VARIABLE =
  /process\.env(?:\.(\w+)|\[["'`](\w+)["'`]\])|environ(?:\.get\(|\[)\s*["'](\w+)["']|[gG]etenv\(\s*["'](\w+)["']|env(?:::var|!)?\(\s*["'](\w+)["']/g;

/** The origins in variables that the code reads. */
function fromEnvironment(code: string, env: Readonly<Record<string, string | undefined>>): string[] {
  return [...code.matchAll(VARIABLE)].flatMap(match => {
    const name = match.slice(1).find(group => group !== undefined) ?? '';
    return fullOrigins(` ${env[name] ?? ''} `);
  });
}

const PATH = /["'`](\/[A-Za-z0-9._~%:{}<>*()-][A-Za-z0-9._~%:{}<>*()/-]*)["'`]/g;
/** Routes that frameworks write without their slash: Django's path() and re_path(), and Nest's decorators. */
const DJANGO = /\b(?:re_)?path\(\s*r?["']\^?\/?([\w<>:/{}-]*)\/?\$?["']/g;
const NEST_ROUTE = /@(Get|All)\(\s*(?:["'`]\/?([\w:/-]*)["'`])?\s*\)/g;
const NEST_CONTROLLER =
  /@Controller\(\s*(?:["'`]\/?([\w:/-]*)["'`]|\{[^}]*path:\s*["'`]\/?([\w:/-]*)["'`][^}]*\})?\s*\)/g;
/** A path under which others lie: routers, blueprints, groups. */
const PREFIX =
  /(?:url_prefix|prefix|basePath|setGlobalPrefix\(|\.use\(|\.route\(|\.group\(|\.Group\(|\.Route\(|\.nest\(|\.mount\(|context-path[=:]|@RequestMapping\()\s*[=:(]?\s*["'`](\/?[\w/-]+)["'`]/g;

/** The paths of routes, as requests would name them. */
function pathsOf(code: string): string[] {
  const nest = nestPaths(code);
  const django = [...code.matchAll(DJANGO)].map(([, path = '']) => `/${path}`);
  const written = [...code.matchAll(PATH)].map(([, path = '']) => path);
  const routes = [...nest, ...django, ...written].map(asRequested).filter(path => path !== null);
  const prefixes = [...code.matchAll(PREFIX)]
    .map(([, prefix = '']) => `/${prefix.replace(/^\/|\/$/g, '')}`)
    .filter(prefix => prefix !== '/');
  const under = prefixes.flatMap(prefix =>
    routes
      .filter(route => !route.startsWith(`${prefix}/`) && route !== prefix)
      .map(route => (route === '/' ? prefix : prefix + route)),
  );
  return [...routes.filter(route => !prefixes.includes(route)), ...under, ...prefixes].filter(
    path => path !== '/',
  );
}

function nestPaths(code: string): string[] {
  const controllers = [...code.matchAll(NEST_CONTROLLER)];
  return controllers.flatMap((controller, i) => {
    const body = code.slice(controller.index, controllers[i + 1]?.index);
    const base = controller[1] ?? controller[2] ?? '';
    const routes = [...body.matchAll(NEST_ROUTE)].map(([, , route = '']) => route);
    return (routes.length > 0 ? routes : ['']).map(
      route => `/${[base, route].filter(part => part !== '').join('/')}`,
    );
  });
}

/** Where servers answer that are not routed by the script. */
const BY_LIBRARY: Readonly<Record<string, readonly string[]>> = {
  'socket.io': ['/socket.io/?EIO=4&transport=polling', '/socket.io/?EIO=3&transport=polling'],
  'graphql-yoga': ['/graphql?query=%7B__typename%7D'],
  mercurius: ['/graphql?query=%7B__typename%7D'],
  vite: ['/@vite/client'],
  flask_socketio: ['/socket.io/?EIO=4&transport=polling'],
};

const libraryPaths = (code: string): string[] =>
  Object.entries(BY_LIBRARY).flatMap(([name, paths]) =>
    new RegExp(`(?:from|import|require\\()\\s*['"\`]?${name.replace('.', '\\.')}\\b`).test(code) ? paths : [],
  );

/** A route's pattern as a request for it; null if it is no path of a request. */
function asRequested(route: string): string | null {
  if (/\.(?:[cm]?[jt]sx?|json|pem|key|crt|html?)$/.test(route) || route.startsWith('//')) return null;
  const path = route
    .replace(/\/\*+\w*$|\/\(\.\*\)$/, '/cors-conformance')
    .replace(/\(\?P<\w+>[^)]*\)|<(?:\w+:)?\w+>|\{[^}]*\}|:\w+|\*+/g, '1')
    .replace(/[()?+]/g, '');
  return /^\/[!-~]*$/.test(path) && !/[<>{}]/.test(path) ? path : null;
}
