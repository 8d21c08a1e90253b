/** nginx: maps that decide by path and origin, and lines that send what they say. An empty value is not sent. */
import { escapeRegex } from '../policy/config/origins.ts';
import { type CorsPolicy, type CorsRule, pathRegex, sendsHeadersBack } from './cors-policy.ts';
import { indent, textOf } from './print.ts';
import type { Stack } from './types.ts';

/** A value in quotes. */
const value = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&')}"`;

/** A regular expression that compares case: plain strings are compared without. */
const pattern = (source: string): string => `"~${source.replaceAll('"', '\\"')}"`;

const map = (source: string, variable: string, lines: readonly string[]): string[] => [
  `map ${source} ${variable} {`,
  ...indent(4, lines),
  '}',
];

const originLines = ({ name, origins }: CorsRule): string[] => {
  if (origins.any) return [`${pattern(`^${name} `)} "*";`];
  const sources = [...origins.exact.map(escapeRegex), ...origins.patterns.map(one => one.source)];
  return sources.map(source => `${pattern(`^${name} (?:${source})$`)} $http_origin;`);
};

/** A map from rule to value, for those that have one; undefined if none has. */
function byRule(
  policy: CorsPolicy,
  [source, variable]: readonly [string, string],
  textFor: (rule: CorsRule) => string | undefined,
): string[] {
  const lines = policy.rules.flatMap(rule => {
    const text = textFor(rule);
    return text === undefined || text === '' ? [] : [`${pattern(`^${rule.name} .`)} ${value(text)};`];
  });
  return lines.length === 0 ? [] : ['', ...map(source, variable, ['default "";', ...lines])];
}

const PREFLIGHT = '"$cors_rule $cors_preflight"';
const ANSWER = '"$cors_rule $cors_origin"';

const HEADERS: readonly {
  readonly name: string;
  readonly variable: string;
  readonly source: string;
  readonly of: (rule: CorsRule) => string | undefined;
}[] = [
  {
    name: 'Access-Control-Allow-Credentials',
    variable: '$cors_credentials',
    source: ANSWER,
    of: rule => (rule.credentials ? 'true' : undefined),
  },
  {
    name: 'Access-Control-Expose-Headers',
    variable: '$cors_exposed',
    source: ANSWER,
    of: rule => rule.exposedHeaders.join(', '),
  },
  {
    name: 'Access-Control-Allow-Methods',
    variable: '$cors_methods',
    source: PREFLIGHT,
    of: rule => rule.methods.join(', '),
  },
  {
    name: 'Access-Control-Allow-Headers',
    variable: '$cors_headers',
    source: PREFLIGHT,
    of: rule =>
      sendsHeadersBack(rule) ? '$http_access_control_request_headers' : rule.requestHeaders.join(', '),
  },
  {
    name: 'Access-Control-Max-Age',
    variable: '$cors_max_age',
    source: PREFLIGHT,
    of: rule => (rule.maxAge === undefined ? undefined : String(rule.maxAge)),
  },
  {
    name: 'Access-Control-Allow-Private-Network',
    variable: '$cors_private_network',
    source: PREFLIGHT,
    of: rule => (rule.privateNetwork ? 'true' : undefined),
  },
];

function maps(policy: CorsPolicy): string[] {
  const [first, ...others] = policy.rules;
  return [
    '# In the http block. Expressions, since a map compares plain strings without regard to case.',
    ...map('$uri', '$cors_rule', [
      `default ${first.name};`,
      ...others.map(rule => `${pattern(`^(?:${pathRegex(rule)})$`)} ${rule.name};`),
    ]),
    '',
    ...map('"$cors_rule $http_origin"', '$cors_origin', [
      'default "";',
      ...policy.rules.flatMap(originLines),
    ]),
    '',
    ...map('"$request_method $http_access_control_request_method"', '$cors_preflight', [
      'default "";',
      '"~^OPTIONS ." 1;',
    ]),
    ...HEADERS.flatMap(one => byRule(policy, [one.source, one.variable], one.of)),
  ];
}

function lines(policy: CorsPolicy): string[] {
  const header = (name: string, text: string) => `add_header ${name} ${text} always;`;
  const used = HEADERS.filter(one => policy.rules.some(rule => one.of(rule)));
  return [
    '# In the server block, or in a location. A location with an add_header of its own needs all of it: that one cancels these.',
    '# "always": errors need the headers too.',
    ...(policy.rules.every(rule => rule.origins.any)
      ? []
      : ['# Whatever the origin: caches go by it.', header('Vary', 'Origin')]),
    header('Access-Control-Allow-Origin', '$cors_origin'),
    ...used.map(one => header(one.name, one.variable)),
    '# Without an add_header in here. Before any proxy_pass, and before authentication.',
    'if ($cors_preflight) {',
    '    return 204;',
    '}',
  ];
}

export const nginx: Stack = {
  id: 'nginx',
  title: 'nginx',
  ecosystem: 'proxy',
  marks: { packages: [], files: ['nginx.conf'], headers: [['server', /^(?:nginx|openresty)/i]] },
  onlyWhole: true,
  docs: 'https://nginx.org/en/docs/http/ngx_http_headers_module.html',
  configure: policy => ({
    files: [
      { path: 'cors-maps.conf', language: 'nginx', text: textOf(maps(policy)) },
      { path: 'cors.conf', language: 'nginx', text: textOf(lines(policy)) },
    ],
    notes: [
      {
        text: 'If the application behind it sends CORS headers as well, pages get them twice.',
        workaround:
          'proxy_hide_header Access-Control-Allow-Origin; and so on for each, or leave CORS to the application.',
      },
    ],
  }),
  gettingStarted: {
    source: 'https://enable-cors.org/server_nginx.html',
    files: () => [
      {
        path: 'cors.conf',
        language: 'nginx',
        text: textOf([
          "add_header 'Access-Control-Allow-Origin' '*' always;",
          "add_header 'Access-Control-Allow-Methods' 'GET, POST, OPTIONS' always;",
          "add_header 'Access-Control-Allow-Headers' 'DNT,User-Agent,X-Requested-With,If-Modified-Since,Cache-Control,Content-Type,Range' always;",
          "add_header 'Access-Control-Expose-Headers' 'Content-Length,Content-Range' always;",
          'if ($request_method = OPTIONS) {',
          "    add_header 'Access-Control-Allow-Origin' '*';",
          "    add_header 'Access-Control-Allow-Methods' 'GET, POST, OPTIONS';",
          "    add_header 'Access-Control-Allow-Headers' 'DNT,User-Agent,X-Requested-With,If-Modified-Since,Cache-Control,Content-Type,Range';",
          "    add_header 'Access-Control-Max-Age' 1728000;",
          '    return 204;',
          '}',
        ]),
      },
    ],
  },
};
