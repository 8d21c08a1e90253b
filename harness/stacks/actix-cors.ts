/** Actix Web with actix-cors. */
import type { CorsPolicy, CorsRule } from './cors-policy.ts';
import { withoutPrivateNetwork } from './notes.ts';
import { indent, quoted, textOf } from './print.ts';
import { needsRegex, rustName, rustRegexes, rustStatic } from './print-rust.ts';
import type { Stack } from './types.ts';

const list = (values: readonly string[]): string => `[${values.map(quoted).join(', ')}]`;

function origins(rule: CorsRule): string[] {
  const { any, exact, patterns } = rule.origins;
  if (any)
    return ['.allow_any_origin()', "// Otherwise each request's origin is sent back.", '.send_wildcard()'];
  if (patterns.length === 0) return exact.map(one => `.allowed_origin(${quoted(one)})`);
  return [
    '.allowed_origin_fn(|origin, _| {',
    `    origin.to_str().is_ok_and(|text| ${rustStatic(rule, 'ORIGINS')}.is_match(text))`,
    '})',
  ];
}

function cors(rule: CorsRule): string[] {
  const { credentials, methods, requestHeaders, exposedHeaders, maxAge } = rule;
  return [
    `fn ${rustName(rule)}() -> Cors {`,
    '    Cors::default()',
    ...indent(8, [
      ...origins(rule),
      ...(credentials ? ['.supports_credentials()'] : []),
      `.allowed_methods(${list(methods)})`,
      ...(requestHeaders.includes('*')
        ? ['.allow_any_header()']
        : requestHeaders.length > 0
          ? [`.allowed_headers(${list(requestHeaders)})`]
          : []),
      ...(exposedHeaders.includes('*')
        ? ['.expose_any_header()']
        : exposedHeaders.length > 0
          ? [`.expose_headers(${list(exposedHeaders)})`]
          : []),
      ...(maxAge === undefined ? [] : [`.max_age(${maxAge})`]),
    ]),
    '}',
    '',
  ];
}

function around({ rules: [first, ...others] }: CorsPolicy): string[] {
  const head = [
    '/// Use it as App::new().configure(|app| cors::with_cors(app, routes)). Other middleware, such as authentication, goes',
    '/// inside: a preflight carries no credentials.',
    'pub fn with_cors(app: &mut ServiceConfig, routes: fn(&mut ServiceConfig)) {',
  ];
  return [
    ...head,
    ...others.flatMap(rule => [
      '    app.service(',
      '        web::scope("")',
      `            .guard(fn_guard(|context| ${rustStatic(rule, 'PATHS')}.is_match(context.head().uri.path())))`,
      `            .wrap(${rustName(rule)}())`,
      '            .configure(routes),',
      '    );',
    ]),
    `    app.service(web::scope("").wrap(${rustName(first)}()).configure(routes));`,
    '}',
  ];
}

const imports = (policy: CorsPolicy): string[] => [
  ...(needsRegex(policy) ? ['use std::sync::LazyLock;', ''] : []),
  'use actix_cors::Cors;',
  ...(policy.rules.length > 1 ? ['use actix_web::guard::fn_guard;'] : []),
  'use actix_web::web::{self, ServiceConfig};',
  ...(needsRegex(policy) ? ['use regex::Regex;'] : []),
];

/** The domain that the host of an origin is in. */
const parentDomain = (origin: string): string => origin.replace(/^[^:]+:\/\/[^.]+|:\d+$/g, '');

export const actixCors: Stack = {
  id: 'actix-cors',
  title: 'Actix Web with actix-cors',
  ecosystem: 'crates',
  aliases: ['actix', 'actix-web'],
  marks: { packages: ['actix-cors', 'actix-web'], headers: [] },
  docs: 'https://docs.rs/actix-cors/latest/actix_cors/struct.Cors.html',
  configure: policy => ({
    files: [
      {
        path: 'cors.rs',
        language: 'rust',
        text: textOf([
          ...imports(policy),
          '',
          ...rustRegexes(policy),
          ...policy.rules.flatMap(cors),
          ...around(policy),
        ]),
      },
    ],
    notes: withoutPrivateNetwork(policy),
  }),
  gettingStarted: {
    source: 'https://docs.rs/actix-cors/latest/actix_cors/index.html#example',
    files: ({ rules: [rule] }) => {
      const [first = 'https://www.example.com'] = rule.origins.exact;
      return [
        {
          path: 'cors.rs',
          language: 'rust',
          text: textOf([
            'use actix_cors::Cors;',
            'use actix_web::http::header;',
            'use actix_web::web::{self, ServiceConfig};',
            '',
            'pub fn with_cors(app: &mut ServiceConfig, routes: fn(&mut ServiceConfig)) {',
            '    let cors = Cors::default()',
            `        .allowed_origin(${quoted(first)})`,
            '        .allowed_origin_fn(|origin, _req_head| {',
            `            origin.as_bytes().ends_with(b${quoted(parentDomain(first))})`,
            '        })',
            '        .allowed_methods(vec!["GET", "POST"])',
            '        .allowed_headers(vec![header::AUTHORIZATION, header::ACCEPT])',
            '        .allowed_header(header::CONTENT_TYPE)',
            '        .max_age(3600);',
            '    app.service(web::scope("").wrap(cors).configure(routes));',
            '}',
          ]),
        },
      ];
    },
  },
};
