/** Tornado, which has no CORS of its own: a base class of all handlers. */
import type { CorsPolicy } from './cors-policy.ts';
import { textOf } from './print.ts';
import { pyAsked, pyCorsHeaders } from './print-python.ts';
import type { Stack } from './types.ts';

const ASKED = 'request.headers.get("Access-Control-Request-Headers", "")';

const configuration = (policy: CorsPolicy): string[] => [
  'import re',
  '',
  'from tornado.web import HTTPError, RequestHandler',
  '',
  ...pyCorsHeaders(policy),
  '',
  '',
  'class CORSHandler(RequestHandler):',
  '    """The base class of all handlers."""',
  '',
  '    # Called again before an error is sent, so that errors have the headers too.',
  '    def set_default_headers(self):',
  '        request = self.request',
  '        asks = "Access-Control-Request-Method" in request.headers',
  '        is_preflight = request.method == "OPTIONS" and asks',
  '        origin = request.headers.get("Origin")',
  `        headers = cors_headers(request.path, origin, is_preflight${pyAsked(policy, ASKED)})`,
  '        for name, value in headers.items():',
  '            self.set_header(name, value)',
  '',
  '    # A prepare() that authenticates must let OPTIONS pass: a preflight carries no credentials.',
  '    def options(self, *args, **kwargs):',
  '        self.set_status(204)',
  '',
  '',
  '# Application(…, default_handler_class=UnknownPath): unknown paths have the headers too.',
  'class UnknownPath(CORSHandler):',
  '    def prepare(self):',
  '        if self.request.method != "OPTIONS":',
  '            raise HTTPError(404)',
];

export const tornado: Stack = {
  id: 'tornado',
  title: 'Tornado',
  ecosystem: 'pypi',
  marks: { packages: ['tornado'], headers: [['server', /^TornadoServer/i]] },
  onlyWhole: true,
  docs: 'https://www.tornadoweb.org/en/stable/web.html#tornado.web.RequestHandler.set_default_headers',
  configure: policy => ({
    files: [{ path: 'cors.py', language: 'python', text: textOf(configuration(policy)) }],
    notes: [],
  }),
  gettingStarted: {
    // Its own documentation has no page about CORS.
    source: 'https://blog.poespas.me/posts/2024/05/22/tornado-cors-enabled-routes',
    files: () => [
      {
        path: 'cors.py',
        language: 'python',
        text: textOf([
          'from tornado.web import RequestHandler',
          '',
          '',
          'class CORSHandler(RequestHandler):',
          '    def set_default_headers(self):',
          '        self.set_header("Access-Control-Allow-Origin", "*")',
          '        self.set_header("Access-Control-Allow-Methods", "GET, POST, OPTIONS")',
          '        self.set_header("Access-Control-Allow-Headers", "Content-Type")',
          '',
          '    def options(self):',
          '        self.set_status(204)',
          '',
          '',
          'UnknownPath = None',
        ]),
      },
    ],
  },
};
