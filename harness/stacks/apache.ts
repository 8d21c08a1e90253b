/** Apache httpd: a variable per rule that is set if path and origin match, and headers that depend on it. */
import { type CorsPolicy, type CorsRule, originsRegex, pathRegex, sendsHeadersBack } from './cors-policy.ts';
import { textOf } from './print.ts';
import type { Stack } from './types.ts';

/** An expression in a quoted argument of a directive. */
const regex = (source: string): string => `m#^(?:${source.replaceAll('"', '\\"')})$#`;

const text = (value: string): string => `"${value.replace(/[\\"]/g, '\\$&')}"`;

const variable = ({ name }: CorsRule): string =>
  `CORS_${name.replace(/[A-Z]/g, letter => `_${letter}`).toUpperCase()}`;

function condition(policy: CorsPolicy, rule: CorsRule): string {
  const paths =
    rule.paths.length > 0
      ? [`%{REQUEST_URI} =~ ${regex(pathRegex(rule))}`]
      : policy.rules.slice(1).map(other => `%{REQUEST_URI} !~ ${regex(pathRegex(other))}`);
  const origin = rule.origins.any ? [] : [`%{HTTP:Origin} =~ ${regex(originsRegex(rule.origins))}`];
  return [...paths, ...origin].join(' && ') || 'true';
}

function lines(policy: CorsPolicy, rule: CorsRule): string[] {
  const { origins, credentials, methods, requestHeaders, exposedHeaders, maxAge, privateNetwork } = rule;
  const on = `env=${variable(rule)}`;
  const header = (name: string, value: string) => `Header always set ${name} ${value} ${on}`;
  return [
    `SetEnvIfExpr "${condition(policy, rule)}" ${variable(rule)}`,
    header('Access-Control-Allow-Origin', origins.any ? '"*"' : '"expr=%{HTTP:Origin}"'),
    ...(credentials ? [header('Access-Control-Allow-Credentials', 'true')] : []),
    header('Access-Control-Allow-Methods', text(methods.join(', '))),
    ...(requestHeaders.length > 0
      ? [
          header(
            'Access-Control-Allow-Headers',
            sendsHeadersBack(rule)
              ? '"expr=%{HTTP:Access-Control-Request-Headers}"'
              : text(requestHeaders.join(', ')),
          ),
        ]
      : []),
    ...(exposedHeaders.length > 0
      ? [header('Access-Control-Expose-Headers', text(exposedHeaders.join(', ')))]
      : []),
    ...(maxAge === undefined ? [] : [header('Access-Control-Max-Age', String(maxAge))]),
    ...(privateNetwork ? [header('Access-Control-Allow-Private-Network', 'true')] : []),
    '',
  ];
}

export const apache: Stack = {
  id: 'apache',
  title: 'Apache httpd',
  ecosystem: 'proxy',
  aliases: ['httpd', 'apache2'],
  marks: {
    packages: [],
    files: ['httpd.conf', 'apache2.conf', '.htaccess'],
    headers: [['server', /^Apache/i]],
  },
  onlyWhole: true,
  docs: 'https://httpd.apache.org/docs/current/mod/mod_headers.html#header',
  configure: policy => ({
    files: [
      {
        path: 'cors.conf',
        language: 'apache',
        text: textOf([
          '# In the server or a virtual host, with mod_headers, mod_setenvif and mod_rewrite. "always": without it neither errors',
          '# nor the 204 below have the headers.',
          ...policy.rules.flatMap(rule => lines(policy, rule)),
          ...(policy.rules.every(rule => rule.origins.any)
            ? []
            : ['# Whatever the origin: caches go by it.', 'Header always merge Vary Origin', '']),
          '# Answered here, before authentication and whatever is behind.',
          'RewriteEngine On',
          'RewriteCond %{REQUEST_METHOD} =OPTIONS',
          'RewriteCond %{HTTP:Access-Control-Request-Method} .',
          'RewriteRule ^ - [R=204,L]',
        ]),
      },
    ],
    notes: [
      {
        text: 'If the application behind it sends CORS headers as well, pages can get them twice.',
        workaround:
          'Header unset Access-Control-Allow-Origin, and so on for each, or leave CORS to the application.',
      },
    ],
  }),
  gettingStarted: {
    source: 'https://enable-cors.org/server_apache.html',
    files: () => [
      {
        path: 'cors.conf',
        language: 'apache',
        text: textOf(['Header set Access-Control-Allow-Origin "*"']),
      },
    ],
  },
};
