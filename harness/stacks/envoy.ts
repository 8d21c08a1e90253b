/** Envoy: its CORS filter, with a policy for the virtual host and one for each route with rules of its own. */
import { escapeRegex } from '../policy/config/origins.ts';
import { type CorsPolicy, type CorsRule, pathRegex } from './cors-policy.ts';
import { indent, quoted, textOf } from './print.ts';
import type { ConfiguredFile, Stack } from './types.ts';

const POLICY_TYPE = 'type.googleapis.com/envoy.extensions.filters.http.cors.v3.CorsPolicy';

const filter: ConfiguredFile = {
  path: 'cors-filter.yaml',
  language: 'yaml',
  text: textOf([
    '# First of the http_filters: before authentication, since a preflight carries no credentials.',
    '- name: envoy.filters.http.cors',
    '  typed_config:',
    '    "@type": type.googleapis.com/envoy.extensions.filters.http.cors.v3.Cors',
  ]),
};

function matchers({ origins }: CorsRule): string[] {
  const regex = (source: string) => ['- safe_regex:', `    regex: ${quoted(source)}`];
  if (origins.any) return regex('.*');
  return [
    ...origins.exact.map(origin => `- exact: ${quoted(origin)}`),
    // Envoy compares the whole origin.
    ...origins.patterns.flatMap(one => regex(one.source)),
  ];
}

const corsPolicy = (lines: readonly string[]): string[] => [
  'typed_per_filter_config:',
  '  envoy.filters.http.cors:',
  `    "@type": ${POLICY_TYPE}`,
  ...indent(4, lines),
];

function lines(rule: CorsRule): string[] {
  const { credentials, methods, requestHeaders, exposedHeaders, maxAge, privateNetwork } = rule;
  const list = (names: readonly string[]) => quoted(names.join(', '));
  return corsPolicy([
    'allow_origin_string_match:',
    ...matchers(rule),
    ...(credentials ? ['allow_credentials: true'] : []),
    `allow_methods: ${list(methods)}`,
    ...(requestHeaders.length > 0 ? [`allow_headers: ${list(requestHeaders)}`] : []),
    ...(exposedHeaders.length > 0 ? [`expose_headers: ${list(exposedHeaders)}`] : []),
    ...(maxAge === undefined ? [] : [`max_age: ${quoted(String(maxAge))}`]),
    ...(privateNetwork ? ['allow_private_network_access: true'] : []),
    '# Preflights of other origins are answered here too; otherwise they reach the application.',
    'forward_not_matching_preflights: false',
  ]);
}

const VARY = [
  '# The filter answers with the origin of the request, also where every origin is allowed, and never says so: caches go by it.',
  'response_headers_to_add:',
  '  - header: { key: Vary, value: Origin }',
  '    append_action: APPEND_IF_EXISTS_OR_ADD',
];

const LEFT_OUT = 'A route that redirects or answers by itself (direct_response) is left out by the filter.';

const routes = (others: readonly CorsRule[]): ConfiguredFile => ({
  path: 'cors-routes.yaml',
  language: 'yaml',
  text: textOf([
    '# Before the other routes of the virtual host.',
    ...others.flatMap(rule => [
      '- match:',
      '    safe_regex:',
      `      regex: ${quoted(pathRegex(rule))}`,
      '  route:',
      '    cluster: app # the name of yours',
      ...indent(2, lines(rule)),
    ]),
  ]),
});

/** Whatever a route leaves out would come from its virtual host: no credentials, or no max-age, could not be said. */
function places({ rules: [first, ...others] }: CorsPolicy): ConfiguredFile[] {
  const file = (path: string, text: readonly string[]): ConfiguredFile => ({
    path,
    language: 'yaml',
    text: textOf(text),
  });
  if (others.length === 0)
    return [file('cors-virtual-host.yaml', [`# In the virtual host. ${LEFT_OUT}`, ...lines(first), ...VARY])];
  return [
    file('cors-virtual-host.yaml', ['# In the virtual host.', ...VARY]),
    file('cors-route.yaml', [
      '# In each route of yours, not in the virtual host: routes take from there what they leave out.',
      `# ${LEFT_OUT}`,
      ...lines(first),
    ]),
    routes(others),
  ];
}

export const envoy: Stack = {
  id: 'envoy',
  title: 'Envoy',
  ecosystem: 'proxy',
  marks: { packages: [], files: ['envoy.yaml', 'envoy.yml'], headers: [['server', /^envoy$/i]] },
  docs: 'https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/cors_filter',
  configure: policy => ({
    files: [filter, ...places(policy)],
    notes: [
      {
        text: 'CORS headers of the application behind it are overwritten for allowed origins, and stay for others.',
        workaround:
          'response_headers_to_remove in the virtual host, which is applied before the filter adds its own.',
      },
    ],
  }),
  gettingStarted: {
    source: 'https://www.envoyproxy.io/docs/envoy/latest/start/sandboxes/cors',
    files: () => [
      filter,
      {
        path: 'cors-virtual-host.yaml',
        language: 'yaml',
        text: textOf(
          corsPolicy([
            'allow_origin_string_match:',
            '- safe_regex:',
            `    regex: ${quoted(escapeRegex('*'))}`,
            'allow_methods: "GET"',
          ]),
        ),
      },
    ],
  },
};
