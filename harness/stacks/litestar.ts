/** Litestar with its CORSConfig; around the app by hand if rules differ by path, since that one holds for all paths. */
import type { CorsPolicy, CorsRule } from './cors-policy.ts';
import { withoutPrivateNetwork } from './notes.ts';
import { indent, textOf } from './print.ts';
import { pyAsked, pyCorsHeaders, pyIfReflects, pyList, pyPatterns } from './print-python.ts';
import type { Configuration, Stack, StackNote } from './types.ts';

function options({
  origins,
  credentials,
  methods,
  requestHeaders,
  exposedHeaders,
  maxAge,
}: CorsRule): string[] {
  const patterns = pyPatterns(origins);
  const lines = [`allow_origins=${pyList(origins.any ? ['*'] : origins.exact)},`];
  if (patterns !== undefined)
    lines.push(
      '# The whole origin has to match. A * in allow_origins would allow more labels and other ports.',
      `allow_origin_regex=${patterns},`,
    );
  if (credentials) lines.push('allow_credentials=True,');
  lines.push('# The default is every method.', `allow_methods=${pyList(methods)},`);
  lines.push(
    '# The default allows every header that is asked for.',
    `allow_headers=${pyList(requestHeaders)},`,
  );
  if (exposedHeaders.length > 0) lines.push(`expose_headers=${pyList(exposedHeaders)},`);
  if (maxAge === undefined) lines.push('# What browsers take by themselves.', 'max_age=5,');
  else lines.push(`max_age=${maxAge},`);
  return ['cors_config = CORSConfig(', ...indent(4, lines), ')'];
}

const VARY = [
  '# On every answer: CORSConfig leaves it out of those to other origins and to none, and caches go by it.',
  'async def vary_by_origin(message, scope):',
  '    if message["type"] == "http.response.start":',
  '        headers = MutableScopeHeaders.from_message(message)',
  '        if "Origin" not in headers.get("Vary", ""):',
  '            headers.extend_header_value("Vary", "Origin")',
];

const EVERY = [
  '# On every answer: CORSConfig leaves it out of those to requests without Origin, and sends the Origin to one with a Cookie.',
  'async def allow_every_origin(message, scope):',
  '    if message["type"] == "http.response.start":',
  '        MutableScopeHeaders.from_message(message)["Access-Control-Allow-Origin"] = "*"',
];

const WHY =
  '# Instead of Litestar(…): before routing and authentication, and around errors and unknown paths.';

function builtIn(rule: CorsRule): string[] {
  const [hook, name] = rule.origins.any ? [EVERY, 'allow_every_origin'] : [VARY, 'vary_by_origin'];
  return [
    'from litestar import Litestar',
    'from litestar.config.cors import CORSConfig',
    'from litestar.datastructures import MutableScopeHeaders',
    '',
    ...options(rule),
    '',
    '',
    ...hook,
    '',
    '',
    WHY,
    'def cors_app(**options):',
    `    return Litestar(cors_config=cors_config, before_send=[${name}], **options)`,
  ];
}

const byHand = (policy: CorsPolicy): string[] => [
  '# CORS by path: a CORSConfig holds for every path alike.',
  'import re',
  '',
  'from litestar import Litestar',
  '',
  ...pyCorsHeaders(policy),
  '',
  '',
  WHY,
  'def cors_app(**options):',
  '    app = Litestar(**options)',
  '',
  '    async def asgi(scope, receive, send):',
  '        if scope["type"] != "http":',
  '            return await app(scope, receive, send)',
  '        asked = dict(scope["headers"])',
  '        is_preflight = scope["method"] == "OPTIONS" and b"access-control-request-method" in asked',
  '        origin = asked[b"origin"].decode("latin-1") if b"origin" in asked else None',
  ...pyIfReflects(policy, [
    '        asked_headers = asked.get(b"access-control-request-headers", b"").decode("latin-1")',
  ]),
  `        named = cors_headers(scope["path"], origin, is_preflight${pyAsked(policy, 'asked_headers')})`,
  '        headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in named.items()]',
  '        if is_preflight:',
  '            await send({"type": "http.response.start", "status": 204, "headers": headers})',
  '            return await send({"type": "http.response.body"})',
  '',
  '        async def send_with_cors(message):',
  '            if message["type"] == "http.response.start":',
  '                message = {**message, "headers": [*message.get("headers", []), *headers]}',
  '            await send(message)',
  '',
  '        await app(scope, receive, send_with_cors)',
  '',
  '    return asgi',
];

const REPLACES_VARY: StackNote = {
  text: 'CORSConfig replaces the Vary of your own answers to allowed origins by "Origin": a cache would give a compressed answer to a client that cannot read it.',
  workaround: 'If you compress, or vary by something else, add those names in vary_by_origin.',
};

function configuration(policy: CorsPolicy): Configuration {
  const [first, ...others] = policy.rules;
  const text = textOf(others.length > 0 ? byHand(policy) : builtIn(first));
  const notes =
    others.length > 0
      ? []
      : [...(first.origins.any ? [] : [REPLACES_VARY]), ...withoutPrivateNetwork(policy)];
  return { files: [{ path: 'cors.py', language: 'python', text }], notes };
}

export const litestar: Stack = {
  id: 'litestar',
  title: 'Litestar',
  ecosystem: 'pypi',
  marks: { packages: ['litestar'], headers: [] },
  docs: 'https://docs.litestar.dev/2/reference/config.html#litestar.config.cors.CORSConfig',
  configure: configuration,
  gettingStarted: {
    source: 'https://docs.litestar.dev/2/usage/middleware/builtin-middleware.html#cors',
    files: ({ rules: [rule] }) => [
      {
        path: 'cors.py',
        language: 'python',
        text: textOf([
          'from litestar import Litestar',
          'from litestar.config.cors import CORSConfig',
          '',
          `cors_config = CORSConfig(allow_origins=${pyList(rule.origins.exact)})`,
          '',
          '',
          'def cors_app(**options):',
          '    return Litestar(cors_config=cors_config, **options)',
        ]),
      },
    ],
  },
};
