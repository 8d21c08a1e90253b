/** Caddy: a matcher per rule, and the headers of those that it matches. */
import { type CorsPolicy, type CorsRule, originsRegex, pathRegex, sendsHeadersBack } from './cors-policy.ts';
import { textOf } from './print.ts';
import type { Stack } from './types.ts';

const whole = (source: string): string => `\`^(?:${source})$\``;

/** The conditions for the paths of a rule; the first rule holds wherever no other does. */
function pathLines(policy: CorsPolicy, rule: CorsRule): string[] {
  if (rule.paths.length > 0) return [`path_regexp ${whole(pathRegex(rule))}`];
  return policy.rules.slice(1).map(other => `not path_regexp ${whole(pathRegex(other))}`);
}

const block = (head: string, lines: readonly string[]): string[] => [
  `${head} {`,
  ...lines.map(line => `\t${line}`),
  '}',
];

const text = (value: string): string => `"${value.replace(/[\\"]/g, '\\$&')}"`;

const allowedHeaders = (one: CorsRule): string =>
  sendsHeadersBack(one)
    ? '{http.request.header.Access-Control-Request-Headers}'
    : text(one.requestHeaders.join(', '));

function rule(policy: CorsPolicy, one: CorsRule): string[] {
  const { name, origins, credentials, methods, requestHeaders, exposedHeaders, maxAge, privateNetwork } = one;
  const path = pathLines(policy, one);
  const matches = origins.any ? path : [...path, `header_regexp Origin ${whole(originsRegex(origins))}`];
  const matcher = matches.length > 0 ? ` @${name}` : '';
  const headers = [
    `Access-Control-Allow-Origin ${origins.any ? '*' : '{http.request.header.Origin}'}`,
    ...(credentials ? ['Access-Control-Allow-Credentials true'] : []),
    `Access-Control-Allow-Methods ${text(methods.join(', '))}`,
    ...(requestHeaders.length > 0 ? [`Access-Control-Allow-Headers ${allowedHeaders(one)}`] : []),
    ...(exposedHeaders.length > 0
      ? [`Access-Control-Expose-Headers ${text(exposedHeaders.join(', '))}`]
      : []),
    ...(maxAge === undefined ? [] : [`Access-Control-Max-Age ${maxAge}`]),
    ...(privateNetwork ? ['Access-Control-Allow-Private-Network true'] : []),
  ];
  return [
    ...(matches.length > 0 ? block(`@${name}`, matches) : []),
    ...block(`header${matcher}`, headers),
    '',
  ];
}

const lines = (policy: CorsPolicy): string[] => [
  ...(policy.rules.every(one => one.origins.any)
    ? []
    : ['# Whatever the origin: caches go by it.', 'header +Vary Origin', '']),
  ...policy.rules.flatMap(one => rule(policy, one)),
  '# Answered here, before authentication and whatever is behind.',
  ...block('@preflight', ['method OPTIONS', 'header Access-Control-Request-Method *']),
  'respond @preflight 204',
];

export const caddy: Stack = {
  id: 'caddy',
  title: 'Caddy',
  ecosystem: 'proxy',
  marks: { packages: [], files: ['Caddyfile'], headers: [['server', /^Caddy/i]] },
  docs: 'https://caddyserver.com/docs/caddyfile/directives/header',
  configure: policy => ({
    files: [{ path: 'Caddyfile', language: 'caddy', text: textOf(lines(policy)) }],
    notes: [
      {
        text: 'Errors that Caddy itself makes lose these headers if they are handled by handle_errors.',
        workaround: 'Repeat the lines in handle_errors.',
      },
      {
        text: 'If the application behind it sends CORS headers as well, pages get them twice.',
        workaround:
          'header_down -Access-Control-Allow-Origin in reverse_proxy, and so on for each, or leave CORS to it.',
      },
    ],
  }),
  gettingStarted: {
    source: 'https://caddyserver.com/docs/caddyfile/directives/header#examples',
    files: () => [
      { path: 'Caddyfile', language: 'caddy', text: textOf(['header Access-Control-Allow-Origin *']) },
    ],
  },
};
