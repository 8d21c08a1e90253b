/** axum, or any other tower service, with tower-http's CorsLayer. */
import type { CorsPolicy, CorsRule } from './cors-policy.ts';
import { indent, quoted, textOf } from './print.ts';
import { needsRegex, rustName, rustRegexes, rustStatic } from './print-rust.ts';
import type { Stack } from './types.ts';

const KNOWN = ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH'];

const method = (name: string): string =>
  KNOWN.includes(name) ? `Method::${name}` : `Method::from_bytes(b${quoted(name)}).unwrap()`;

const header = (name: string): string => `HeaderName::from_static(${quoted(name.toLowerCase())})`;

const origin = (value: string): string => `HeaderValue::from_static(${quoted(value)})`;

function origins(rule: CorsRule): string[] {
  const { any, exact, patterns } = rule.origins;
  if (any) return ['.allow_origin(AllowOrigin::any())'];
  if (patterns.length === 0)
    return ['.allow_origin(AllowOrigin::list([', ...exact.map(one => `    ${origin(one)},`), ']))'];
  return [
    '.allow_origin(AllowOrigin::predicate(|origin, _| {',
    `    origin.to_str().is_ok_and(|text| ${rustStatic(rule, 'ORIGINS')}.is_match(text))`,
    '}))',
  ];
}

function layer(rule: CorsRule): string[] {
  const { credentials, methods, requestHeaders, exposedHeaders, maxAge, privateNetwork } = rule;
  return [
    `fn ${rustName(rule)}() -> CorsLayer {`,
    '    CorsLayer::new()',
    ...indent(8, [
      ...origins(rule),
      ...(credentials ? ['.allow_credentials(true)'] : []),
      `.allow_methods([${methods.map(method).join(', ')}])`,
      ...(requestHeaders.length > 0 ? [`.allow_headers([${requestHeaders.map(header).join(', ')}])`] : []),
      ...(exposedHeaders.length > 0 ? [`.expose_headers([${exposedHeaders.map(header).join(', ')}])`] : []),
      ...(maxAge === undefined ? [] : [`.max_age(Duration::from_secs(${maxAge}))`]),
      ...(privateNetwork ? ['.allow_private_network(true)'] : []),
    ]),
    '}',
    '',
  ];
}

function around(policy: CorsPolicy): string[] {
  const [first, ...others] = policy.rules;
  const head = [
    '/// Outermost, so after every route: before authentication, since a preflight carries none, and so that errors and unknown',
    '/// paths have the headers too. It answers every OPTIONS request by itself.',
    'pub fn with_cors(app: Router) -> Router {',
  ];
  if (others.length === 0) return [...head, `    app.layer(${rustName(first)}())`, '}'];
  return [
    ...head,
    ...indent(4, [
      ...others.map(
        rule => `let ${rustName(rule)}_app = app.clone().layer(${rustName(rule)}()).with_state(());`,
      ),
      `let ${rustName(first)}_app = app.layer(${rustName(first)}()).with_state(());`,
      'Router::new().fallback_service(service_fn(move |request: Request| {',
      '    let path = request.uri().path();',
      ...others.flatMap((rule, i) => [
        `    ${i === 0 ? 'let app = if' : '} else if'} ${rustStatic(rule, 'PATHS')}.is_match(path) {`,
        `        &${rustName(rule)}_app`,
      ]),
      '    } else {',
      `        &${rustName(first)}_app`,
      '    };',
      '    app.clone().oneshot(request)',
      '}))',
    ]),
    '}',
  ];
}

function imports(policy: CorsPolicy): string[] {
  const { rules } = policy;
  const headers = rules.some(rule => rule.requestHeaders.length + rule.exposedHeaders.length > 0);
  const values = rules.some(rule => !rule.origins.any && rule.origins.patterns.length === 0);
  const http = [...(headers ? ['HeaderName'] : []), ...(values ? ['HeaderValue'] : []), 'Method'];
  return [
    ...(needsRegex(policy) ? ['use std::sync::LazyLock;'] : []),
    ...(rules.some(rule => rule.maxAge !== undefined) ? ['use std::time::Duration;'] : []),
    '',
    ...(rules.length > 1 ? ['use axum::extract::Request;'] : []),
    `use axum::http::${http.length === 1 ? http[0] : `{${http.join(', ')}}`};`,
    'use axum::Router;',
    ...(needsRegex(policy) ? ['use regex::Regex;'] : []),
    ...(rules.length > 1 ? ['use tower::{service_fn, ServiceExt};'] : []),
    'use tower_http::cors::{AllowOrigin, CorsLayer};',
  ].filter((line, i) => line !== '' || i > 0);
}

export const towerHttp: Stack = {
  id: 'tower-http',
  title: 'axum with tower-http',
  ecosystem: 'crates',
  aliases: ['axum', 'tower'],
  marks: { packages: ['tower-http', 'axum'], headers: [] },
  docs: 'https://docs.rs/tower-http/latest/tower_http/cors/struct.CorsLayer.html',
  configure: policy => ({
    files: [
      {
        path: 'cors.rs',
        language: 'rust',
        text: textOf([
          ...imports(policy),
          '',
          ...rustRegexes(policy),
          ...policy.rules.flatMap(layer),
          ...around(policy),
        ]),
      },
    ],
    notes: [
      {
        text: 'A handler that panics closes the connection: a page sees a network error, not a 500.',
        workaround: 'Put CatchPanicLayer of tower-http inside of it, so before with_cors.',
      },
    ],
  }),
  gettingStarted: {
    source: 'https://docs.rs/tower-http/latest/tower_http/cors/index.html#example',
    files: () => [
      {
        path: 'cors.rs',
        language: 'rust',
        text: textOf([
          'use axum::http::Method;',
          'use axum::Router;',
          'use tower_http::cors::{Any, CorsLayer};',
          '',
          'pub fn with_cors(app: Router) -> Router {',
          '    let cors = CorsLayer::new()',
          '        .allow_methods([Method::GET, Method::POST])',
          '        .allow_origin(Any);',
          '    app.layer(cors)',
          '}',
        ]),
      },
    ],
  },
};
