/** Django with django-cors-headers; by hand if rules differ by path, since its settings hold for all paths. */
import type { CorsPolicy, CorsRule } from './cors-policy.ts';
import { anchored, indent, textOf } from './print.ts';
import { pyIfReflects, pyList, pyReflects, pyRegex, pyRules } from './print-python.ts';
import type { Configuration, Stack } from './types.ts';

const FIRST = [
  '# First of all: a preflight carries no cookies, and redirects and errors of other middleware need the headers too.',
];

const settings = ({
  origins,
  credentials,
  methods,
  requestHeaders,
  exposedHeaders,
  maxAge,
  privateNetwork,
}: CorsRule): string[] => {
  const lines = ['INSTALLED_APPS = ["corsheaders", *INSTALLED_APPS]', ...FIRST];
  lines.push('MIDDLEWARE = ["corsheaders.middleware.CorsMiddleware", *MIDDLEWARE]', '');
  if (origins.any) lines.push('CORS_ALLOW_ALL_ORIGINS = True');
  else lines.push(`CORS_ALLOWED_ORIGINS = ${pyList(origins.exact)}`);
  if (origins.patterns.length > 0)
    lines.push(
      '# Compared from the beginning only: the end has to be marked, and the dots escaped.',
      'CORS_ALLOWED_ORIGIN_REGEXES = [',
      ...indent(
        4,
        origins.patterns.map(one => `${pyRegex(anchored(one.source))},`),
      ),
      ']',
    );
  if (credentials) lines.push('CORS_ALLOW_CREDENTIALS = True');
  lines.push('# The default is every method.', `CORS_ALLOW_METHODS = ${pyList(methods)}`);
  lines.push(
    '# The default has Authorization, X-CSRFToken and more.',
    `CORS_ALLOW_HEADERS = ${pyList(requestHeaders)}`,
  );
  if (exposedHeaders.length > 0) lines.push(`CORS_EXPOSE_HEADERS = ${pyList(exposedHeaders)}`);
  if (maxAge === undefined)
    lines.push('# What browsers take by themselves; the default is a day.', 'CORS_PREFLIGHT_MAX_AGE = 5');
  else lines.push(`CORS_PREFLIGHT_MAX_AGE = ${maxAge}`);
  if (privateNetwork) lines.push('CORS_ALLOW_PRIVATE_NETWORK = True');
  return lines;
};

/** The middleware, for a file of its own. */
function middleware(policy: CorsPolicy): string[] {
  return [
    policy.rules.length > 1
      ? '"""CORS by path: the settings of django-cors-headers hold for every path alike."""'
      : '"""CORS by hand: django-cors-headers sends no max-age of 0, and with credentials cannot allow every header."""',
    'import re',
    '',
    'from django.http import HttpResponse',
    'from django.utils.cache import patch_vary_headers',
    '',
    ...pyRules(policy),
    '',
    '',
    'def cors(get_response):',
    '    def middleware(request):',
    '        rule = rule_for(request.path)',
    '        origin = request.headers.get("Origin")',
    '        asks = "Access-Control-Request-Method" in request.headers',
    '        is_preflight = request.method == "OPTIONS" and origin is not None and asks',
    '        response = HttpResponse(status=204) if is_preflight else get_response(request)',
    '        if rule["origins"] is None:',
    '            response["Access-Control-Allow-Origin"] = "*"',
    '        else:',
    '            # On every answer, also to other origins and to none: caches go by it.',
    '            patch_vary_headers(response, ["Origin"])',
    '            if origin is None or not rule["origins"].fullmatch(origin):',
    '                return response',
    '            response["Access-Control-Allow-Origin"] = origin',
    '        if rule["credentials"]:',
    '            response["Access-Control-Allow-Credentials"] = "true"',
    '        for name, value in rule["preflight" if is_preflight else "response"].items():',
    '            response[name] = value',
    ...pyIfReflects(policy, [
      '        if is_preflight and rule.get("any_header"):',
      '            asked_headers = request.headers.get("Access-Control-Request-Headers", "")',
      '            response["Access-Control-Allow-Headers"] = asked_headers',
    ]),
    '        return response',
    '',
    '    return middleware',
  ];
}

const byHand = (policy: CorsPolicy): Configuration => ({
  files: [
    { path: 'cors.py', language: 'python', text: textOf(middleware(policy)) },
    {
      path: 'settings.py',
      language: 'python',
      text: textOf([...FIRST, 'MIDDLEWARE = ["cors.cors", *MIDDLEWARE]']),
    },
  ],
  notes: [],
});

const documentation = 'https://github.com/adamchainz/django-cors-headers';

export const django: Stack = {
  id: 'django',
  title: 'Django with django-cors-headers',
  ecosystem: 'pypi',
  aliases: ['django-cors-headers'],
  // Its development server calls itself WSGIServer, as everything does that Python's own wsgiref serves.
  marks: { packages: ['django-cors-headers', 'django'], headers: [] },
  docs: `${documentation}#configuration`,
  configure: policy =>
    policy.rules.length > 1 || pyReflects(policy) || policy.rules[0].maxAge === 0
      ? byHand(policy)
      : {
          files: [{ path: 'settings.py', language: 'python', text: textOf(settings(policy.rules[0])) }],
          notes: [],
        },
  gettingStarted: {
    source: `${documentation}#setup`,
    files: ({ rules: [rule] }) => [
      {
        path: 'settings.py',
        language: 'python',
        text: textOf([
          'INSTALLED_APPS = [*INSTALLED_APPS, "corsheaders"]',
          'MIDDLEWARE = ["corsheaders.middleware.CorsMiddleware", *MIDDLEWARE]',
          `CORS_ALLOWED_ORIGINS = ${pyList(rule.origins.exact)}`,
        ]),
      },
    ],
  },
};
