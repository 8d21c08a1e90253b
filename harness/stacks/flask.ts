/** Flask with Flask-CORS, which answers other origins without Vary. */

import { escapeRegex } from '../policy/config/origins.ts';
import type { AllowedOrigins, CorsPolicy, CorsRule } from './cors-policy.ts';
import { pathRegex } from './cors-policy.ts';
import { anchored, indent, quoted, textOf } from './print.ts';
import { pyList, pyRegex, snake } from './print-python.ts';
import type { Stack } from './types.ts';

/** A string with one of these would be read as a regular expression: an address in brackets is one. */
const LOOKS_LIKE_REGEX = /[*\\\]?$^[()]/;

const compiled = (source: string): string => `re.compile(${pyRegex(anchored(source))})`;

function originList({ any, exact, patterns }: AllowedOrigins): string[] {
  if (any) return ['origins="*",', '# Otherwise it sends the Origin of the request.', 'send_wildcard=True,'];
  const listed = exact.map(one => (LOOKS_LIKE_REGEX.test(one) ? compiled(escapeRegex(one)) : quoted(one)));
  if (patterns.length === 0) return [`origins=[${listed.join(', ')}],`];
  return [
    'origins=[',
    ...indent(
      4,
      listed.map(one => `${one},`),
    ),
    '    # Compared from the beginning only: the end has to be marked, and the dots escaped.',
    ...indent(
      4,
      patterns.map(one => `${compiled(one.source)},`),
    ),
    '],',
  ];
}

function options(rule: CorsRule): string[] {
  const { origins, credentials, methods, requestHeaders, exposedHeaders, maxAge, privateNetwork } = rule;
  const lines = originList(origins);
  if (credentials) lines.push('supports_credentials=True,');
  lines.push('# The default is every method.', `methods=${pyList(methods)},`);
  lines.push(
    '# The default allows every header that is asked for.',
    `allow_headers=${pyList(requestHeaders)},`,
  );
  if (exposedHeaders.length > 0) lines.push(`expose_headers=${pyList(exposedHeaders)},`);
  if (maxAge === 0) lines.push('max_age="0",  # the number 0 would be left out');
  else if (maxAge !== undefined) lines.push(`max_age=${maxAge},`);
  if (!origins.any)
    lines.push('# Otherwise a request without Origin is answered with the first one.', 'always_send=False,');
  if (privateNetwork) lines.push('allow_private_network=True,');
  return [`${snake(rule.name)} = dict(`, ...indent(4, lines), ')'];
}

const PREFLIGHT = [
  '# Before every other before_request and route: a preflight carries no credentials, and may ask for an unknown path.',
  '@app.before_request',
  'def answer_preflight():',
  '    if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:',
  '        return "", 204',
];

const VARY = [
  '# On every answer: Flask-CORS leaves it out of those to other origins and to none, and caches go by it.',
  '@app.after_request',
  'def vary_by_origin(response):',
  '    if response.headers.get("Access-Control-Allow-Origin") != "*":',
  '        response.vary.add("Origin")',
  '    return response',
];

function extension({ rules: [first, ...others] }: CorsPolicy): string[] {
  if (others.length === 0) return [`CORS(app, **${snake(first.name)})`];
  return [
    'CORS(',
    '    app,',
    '    resources={',
    ...others.map(rule => `        ${compiled(pathRegex(rule))}: ${snake(rule.name)},`),
    '        # Compared after all others.',
    `        r"/.*": ${snake(first.name)},`,
    '    },',
    ')',
  ];
}

function configuration(policy: CorsPolicy): string[] {
  const text = [
    'from flask import request',
    'from flask_cors import CORS',
    '',
    ...policy.rules.flatMap(rule => [...options(rule), '']),
    '',
    ...PREFLIGHT,
    '',
    '',
    ...(policy.rules.every(one => one.origins.any) ? [] : [...VARY, '', '']),
    '# Runs before what was registered above with after_request.',
    ...extension(policy),
  ];
  return text.some(line => line.includes('re.compile(')) ? ['import re', '', ...text] : text;
}

export const flask: Stack = {
  id: 'flask',
  title: 'Flask with Flask-CORS',
  ecosystem: 'pypi',
  aliases: ['flask-cors'],
  marks: { packages: ['flask-cors', 'flask'], headers: [['server', /^Werkzeug/i]] },
  docs: 'https://flask-cors.readthedocs.io/en/latest/api.html',
  configure: policy => ({
    files: [{ path: 'app.py', language: 'python', text: textOf(configuration(policy)) }],
    notes: [],
  }),
  gettingStarted: {
    source: 'https://github.com/corydolphin/flask-cors#simple-usage',
    files: () => [
      {
        path: 'app.py',
        language: 'python',
        text: textOf(['from flask_cors import CORS', '', 'CORS(app)']),
      },
    ],
  },
};
