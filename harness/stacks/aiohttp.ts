/** aiohttp, by hand: aiohttp-cors sends no Vary, knows no patterns of origins, and leaves out unknown paths. */
import type { CorsPolicy } from './cors-policy.ts';
import { textOf } from './print.ts';
import { pyAsked, pyCorsHeaders } from './print-python.ts';
import type { Stack } from './types.ts';

const ASKED = 'request.headers.get("Access-Control-Request-Headers", "")';

const configuration = (policy: CorsPolicy): string[] => [
  '# By hand, without aiohttp-cors: it sends no Vary, knows no patterns of origins, and leaves out unknown paths.',
  'import re',
  '',
  'from aiohttp import web',
  '',
  ...pyCorsHeaders(policy),
  '',
  '',
  'def is_preflight(request):',
  '    return request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers',
  '',
  '',
  '@web.middleware',
  'async def answer_preflights(request, handler):',
  '    return web.Response(status=204) if is_preflight(request) else await handler(request)',
  '',
  '',
  'async def add_cors_headers(request, response):',
  '    origin = request.headers.get("Origin")',
  `    headers = cors_headers(request.path, origin, is_preflight(request)${pyAsked(policy, ASKED)})`,
  '    for name, value in headers.items():',
  '        # Added, since an answer may have a Vary of its own.',
  '        response.headers.add(name, value)',
  '',
  '',
  '# First of all: a preflight carries no credentials. Signals run for errors and unknown paths too.',
  'def use_cors(app):',
  '    app.middlewares.insert(0, answer_preflights)',
  '    app.on_response_prepare.append(add_cors_headers)',
];

export const aiohttp: Stack = {
  id: 'aiohttp',
  title: 'aiohttp',
  ecosystem: 'pypi',
  aliases: ['aiohttp-cors'],
  marks: { packages: ['aiohttp-cors', 'aiohttp'], headers: [['server', /^Python\/[\d.]+ aiohttp/i]] },
  onlyWhole: true,
  docs: 'https://docs.aiohttp.org/en/stable/web_advanced.html#signals',
  configure: policy => ({
    files: [{ path: 'cors.py', language: 'python', text: textOf(configuration(policy)) }],
    notes: [],
  }),
  gettingStarted: {
    source: 'https://github.com/aio-libs/aiohttp-cors#usage',
    files: () => [
      {
        path: 'cors.py',
        language: 'python',
        text: textOf([
          'import aiohttp_cors',
          '',
          '',
          'def use_cors(app):',
          '    cors = aiohttp_cors.setup(app, defaults={',
          '        "*": aiohttp_cors.ResourceOptions(',
          '            allow_credentials=True,',
          '            expose_headers="*",',
          '            allow_headers="*",',
          '        )',
          '    })',
          '    for route in list(app.router.routes()):',
          '        cors.add(route)',
        ]),
      },
    ],
  },
};
