/** lighttpd: a condition per rule and origin with the headers that it allows; a few lines of Lua where an origin is reflected. */
import { type CorsPolicy, type CorsRule, originsRegex, pathRegex, sendsHeadersBack } from './cors-policy.ts';
import { indent, textOf } from './print.ts';
import type { ConfiguredFile, Stack } from './types.ts';

/** Nothing but a double quote is special between double quotes. */
const text = (value: string): string => `"${value.replaceAll('"', '\\"')}"`;

const whole = (source: string): string => text(`^(?:${source})$`);

const block = (head: string, lines: readonly string[]): string[] => [`${head} {`, ...indent(4, lines), '}'];

const variable = ({ name }: CorsRule): string =>
  `var.${name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)}`;

/** The headers of a rule, but for the allowed origin. */
function headers(rule: CorsRule): string[] {
  const { credentials, methods, requestHeaders, exposedHeaders, maxAge, privateNetwork } = rule;
  const header = (name: string, value: string) => `${text(name)} => ${text(value)},`;
  return [
    `${variable(rule)} = (`,
    ...indent(4, [
      ...(credentials ? [header('Access-Control-Allow-Credentials', 'true')] : []),
      header('Access-Control-Allow-Methods', methods.join(', ')),
      ...(requestHeaders.length > 0
        ? [header('Access-Control-Allow-Headers', requestHeaders.join(', '))]
        : []),
      ...(exposedHeaders.length > 0
        ? [header('Access-Control-Expose-Headers', exposedHeaders.join(', '))]
        : []),
      ...(maxAge === undefined ? [] : [header('Access-Control-Max-Age', String(maxAge))]),
      ...(privateNetwork ? [header('Access-Control-Allow-Private-Network', 'true')] : []),
    ]),
    ')',
  ];
}

const constant = (rule: CorsRule, origin: string): string =>
  `setenv.set-response-header = ( "Access-Control-Allow-Origin" => ${text(origin)} ) + ${variable(rule)}`;

/** What a request gets from a rule, by its origin. */
function byOrigin(rule: CorsRule): string[] {
  const { any, exact, patterns } = rule.origins;
  if (any) return [constant(rule, '*')];
  if (patterns.length === 0)
    return exact.flatMap(origin =>
      block(`$REQUEST_HEADER["Origin"] == ${text(origin)}`, [constant(rule, origin)]),
    );
  return block(`$REQUEST_HEADER["Origin"] =~ ${whole(originsRegex(rule.origins))}`, [
    `setenv.set-response-header = ${variable(rule)}`,
    `magnet.attract-response-start-to = ( "/etc/lighttpd/${LUA}" )`,
  ]);
}

const LUA = 'cors-origin.lua';

/** The first rule holds wherever no other does. */
function byPath(policy: CorsPolicy, rule: CorsRule): string[] {
  if (rule.paths.length > 0) return block(`$HTTP["url"] =~ ${whole(pathRegex(rule))}`, byOrigin(rule));
  const others = policy.rules.slice(1).map(pathRegex);
  return others.length === 0
    ? byOrigin(rule)
    : block(`$HTTP["url"] !~ ${whole(others.join('|'))}`, byOrigin(rule));
}

function lines(policy: CorsPolicy, reflects: boolean): string[] {
  return [
    '# At the end. mod_setenv first: what stands behind mod_redirect gives redirects no headers, and the 204 below is one.',
    'server.modules := ( "mod_setenv" ) + server.modules',
    ...(reflects
      ? [
          '# A package of its own: lighttpd-modules-lua on Debian and Ubuntu.',
          'server.modules += ( "mod_magnet" )',
        ]
      : []),
    '',
    ...policy.rules.flatMap(headers),
    '',
    ...policy.rules.flatMap(rule => byPath(policy, rule)),
    ...(policy.rules.every(rule => rule.origins.any)
      ? []
      : [
          '',
          '# Whatever the origin: caches go by it.',
          'setenv.add-response-header = ( "Vary" => "Origin" )',
        ]),
    '',
    '# Answered here with 204, before authentication and whatever is behind: nothing else answers OPTIONS on every path.',
    ...block(
      '$HTTP["request-method"] == "OPTIONS"',
      block('$REQUEST_HEADER["Access-Control-Request-Method"] =~ "."', [
        'url.redirect = ( "" => "/" )',
        'url.redirect-code = 204',
      ]),
    ),
  ];
}

const script: ConfiguredFile = {
  path: LUA,
  language: 'lua',
  text: textOf([
    '-- Only run where a condition of the configuration allows the origin.',
    'local r = lighty.r',
    'r.resp_header["Access-Control-Allow-Origin"] = r.req_header["Origin"]',
    'return 0',
  ]),
};

export const lighttpd: Stack = {
  id: 'lighttpd',
  title: 'lighttpd',
  ecosystem: 'proxy',
  marks: { packages: [], files: ['lighttpd.conf'], headers: [['server', /^lighttpd/i]] },
  onlyWhole: true,
  docs: 'https://redmine.lighttpd.net/projects/lighttpd/wiki/Mod_setenv',
  configure: policy => {
    const reflects = policy.rules.some(rule => rule.origins.patterns.length > 0);
    return {
      files: [
        { path: 'cors.conf', language: 'lighttpd', text: textOf(lines(policy, reflects)) },
        ...(reflects ? [script] : []),
      ],
      notes: [
        {
          text: 'If the application behind it sends CORS headers as well, they stay where no rule allows the request.',
          workaround: 'Leave CORS to one of the two.',
        },
        ...(policy.rules.some(sendsHeadersBack)
          ? [
              {
                text: 'It cannot send back the request headers that are asked for, and with credentials a * is no wildcard: pages can send none but the safelisted ones.',
                workaround: 'List the headers in requestHeaders.',
                check: 'header-not-allowed',
              },
            ]
          : []),
      ],
    };
  },
  gettingStarted: {
    source: 'https://redmine.lighttpd.net/projects/lighttpd/wiki/Docs_ModSetEnv',
    files: () => [
      {
        path: 'cors.conf',
        language: 'lighttpd',
        text: textOf([
          'server.modules += ( "mod_setenv" )',
          'setenv.add-response-header = ( "Access-Control-Allow-Origin" => "*" )',
        ]),
      },
    ],
  },
};
