/** HAProxy: a variable names the rule that allows a request, and headers depend on it. */
import { type CorsPolicy, type CorsRule, originsRegex, pathRegex, sendsHeadersBack } from './cors-policy.ts';
import { textOf } from './print.ts';
import type { Stack } from './types.ts';

/** Nothing is special between single quotes. */
const quote = (text: string): string => `'${text.replaceAll("'", `'"'"'`)}'`;

const whole = (source: string): string => quote(`^(?:${source})$`);

/** The conditions under which a rule allows a request. */
function conditions(policy: CorsPolicy, rule: CorsRule): string {
  const paths =
    rule.paths.length > 0
      ? [`{ path -m reg ${whole(pathRegex(rule))} }`]
      : policy.rules.slice(1).map(other => `!{ path -m reg ${whole(pathRegex(other))} }`);
  const origin = rule.origins.any ? [] : [`{ req.fhdr(Origin) -m reg ${whole(originsRegex(rule.origins))} }`];
  const all = [...paths, ...origin];
  return all.length > 0 ? ` if ${all.join(' ')}` : '';
}

function lines(policy: CorsPolicy, rule: CorsRule): string[] {
  const { name, origins, credentials, methods, requestHeaders, exposedHeaders, maxAge, privateNetwork } =
    rule;
  const header = (field: string, value: string) =>
    `http-after-response set-header ${field} ${value} if { var(txn.cors) -m str ${name} }`;
  return [
    `http-request set-var(txn.cors) str(${name})${conditions(policy, rule)}`,
    header('Access-Control-Allow-Origin', origins.any ? quote('*') : '%[var(txn.cors_origin)]'),
    ...(credentials ? [header('Access-Control-Allow-Credentials', 'true')] : []),
    header('Access-Control-Allow-Methods', quote(methods.join(', '))),
    ...(requestHeaders.length > 0
      ? [
          header(
            'Access-Control-Allow-Headers',
            sendsHeadersBack(rule) ? '%[var(txn.cors_headers)]' : quote(requestHeaders.join(', ')),
          ),
        ]
      : []),
    ...(exposedHeaders.length > 0
      ? [header('Access-Control-Expose-Headers', quote(exposedHeaders.join(', ')))]
      : []),
    ...(maxAge === undefined ? [] : [header('Access-Control-Max-Age', String(maxAge))]),
    ...(privateNetwork ? [header('Access-Control-Allow-Private-Network', 'true')] : []),
    '',
  ];
}

export const haproxy: Stack = {
  id: 'haproxy',
  title: 'HAProxy',
  ecosystem: 'proxy',
  marks: { packages: [], files: ['haproxy.cfg'], headers: [] },
  onlyWhole: true,
  docs: 'https://docs.haproxy.org/2.6/configuration.html#http-after-response',
  configure: policy => ({
    files: [
      {
        path: 'haproxy.cfg',
        language: 'haproxy',
        text: textOf([
          '# In the frontend. http-after-response: errors that HAProxy itself makes have the headers too.',
          'http-request set-var(txn.cors_origin) req.fhdr(Origin)',
          ...(policy.rules.some(sendsHeadersBack)
            ? ['http-request set-var(txn.cors_headers) req.fhdr(Access-Control-Request-Headers)']
            : []),
          '',
          ...policy.rules.flatMap(rule => lines(policy, rule)),
          ...(policy.rules.every(rule => rule.origins.any)
            ? []
            : ['# Whatever the origin: caches go by it.', 'http-after-response add-header Vary Origin', '']),
          '# Answered here, before authentication and whatever is behind.',
          'http-request return status 204 if METH_OPTIONS { req.hdr(Access-Control-Request-Method) -m found }',
        ]),
      },
    ],
    notes: [
      {
        text: 'CORS headers of the application behind it are overwritten where a rule allows the request, and stay where none does.',
        workaround:
          'http-response del-header Access-Control-Allow-Origin, and so on for each, or leave CORS to the application.',
      },
    ],
  }),
  gettingStarted: {
    source: 'https://enable-cors.org/server.html',
    files: () => [
      {
        path: 'haproxy.cfg',
        language: 'haproxy',
        text: textOf(["http-response set-header Access-Control-Allow-Origin '*'"]),
      },
    ],
  },
};
