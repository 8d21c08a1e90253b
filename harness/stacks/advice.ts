/**
 * Per stack, what no single option sets: where its CORS layer stands, what keeps it whole, and what else it needs. What an
 * option sets is taken from the configuration that the stack writes (setting-lines.ts).
 */
import type { Concept } from '../policy/checks/check.ts';

/** What a stack's configuration alone does not settle. */
export type Placement = Extract<
  Concept,
  'vary' | 'preflight' | 'errors' | 'once' | 'redirect' | 'no-origin' | 'conditional'
>;
type Advice = Readonly<Partial<Record<Placement, string>>>;

const ECHO: Advice = {
  preflight: 'Echo: e.Use(middleware.CORSWithConfig(config)) before authentication, not on a group.',
  errors: 'Echo: e.Use(middleware.CORSWithConfig(config)) on the whole server, not on a group.',
  once: 'Echo: e.Use(middleware.CORSWithConfig(config)) once.',
};

const FIBER: Advice = {
  preflight: 'Fiber: app.Use(cors.New(config)) before authentication and routes.',
  errors: 'Fiber: app.Use(cors.New(config)) before the handlers that fail.',
  once: 'Fiber: app.Use(cors.New(config)) once, and no CORS headers in the proxy in front.',
};

const H3: Advice = {
  vary: 'h3: use 2.0 or later; 1.x leaves Vary out of answers without Origin.',
  preflight: 'h3: call handleCors in a global middleware, before authentication.',
  errors: 'h3: call handleCors in a global middleware, so that thrown errors keep its headers.',
  once: 'h3: call handleCors in one place.',
};

const NEST: Advice = {
  preflight: 'Nest: app.enableCors() before other app.use(); a global guard does not see preflights then.',
  once: 'Nest: enableCors in main.ts only, not also on gateways or in a proxy.',
};

const SPRING: Advice = {
  preflight: 'Spring Security: http.cors(withDefaults()), so that CORS runs before authentication.',
  errors:
    'Spring: use a CorsFilter with the highest precedence, so that errors of other filters get the headers.',
  once: 'Spring: configure CORS in one place: CorsConfigurationSource, @CrossOrigin or the gateway.',
};

/** By the id of a stack. A stack that is not here gets what holds for every server. */
export const STACK_ADVICE: Readonly<Record<string, Advice>> = {
  'actix-cors': {
    vary: 'actix-cors: leave out .disable_vary_header().',
    preflight:
      'Actix: .wrap(cors) last, so that it is outermost: it runs before the middleware that authenticates.',
    errors:
      'Actix: .wrap(cors) around the App, not around a scope, so that unknown paths have the headers too.',
    once: 'Actix: wrap once.',
  },
  aiohttp: {
    vary: 'aiohttp-cors sends no Vary: response.headers.add("Vary", "Origin") in an on_response_prepare signal.',
    preflight:
      'aiohttp: answer OPTIONS with web.Response(status=204) in the first middleware; aiohttp-cors must be given every route.',
    errors:
      'aiohttp: set the headers in an on_response_prepare signal, which runs for errors and unknown paths too; aiohttp-cors leaves out unknown paths.',
    once: 'aiohttp: either aiohttp-cors or headers by hand, not both.',
  },
  apache: {
    vary: 'Apache: Header always merge Vary Origin',
    preflight:
      'Apache:\nRewriteEngine On\nRewriteCond %{REQUEST_METHOD} OPTIONS\nRewriteRule ^ - [R=204,L]\nLines with "Header set" are left out of such an answer: write "Header always set".',
    errors: 'Apache: "Header always set" instead of "Header set".',
    conditional:
      'Apache leaves most headers out of 304 answers: serve the resource without ETag and Last-Modified (FileETag None, Header unset Last-Modified), or with Cache-Control: no-store.',
    once: 'Apache: Header unset Access-Control-Allow-Origin for proxied answers, or "set" instead of "add".',
  },
  'aspnet-core': {
    preflight:
      'ASP.NET Core: app.UseCors() after UseRouting and before UseAuthentication and UseAuthorization.',
    errors:
      'ASP.NET Core: app.UseCors() before the middleware that fails; UseExceptionHandler clears headers, so let it run outside.',
    redirect: 'ASP.NET Core: app.UseCors() before UseHttpsRedirection, or ask https at once.',
    once: 'ASP.NET Core: app.UseCors() once, and no CORS headers in web.config or nginx.',
  },
  caddy: {
    vary: 'Caddy: header +Vary Origin\nwithout a matcher.',
    preflight:
      'Caddy:\n@preflight {\n  method OPTIONS\n  header Access-Control-Request-Method *\n}\nrespond @preflight 204\nbefore basic_auth and forward_auth.',
    errors: 'Caddy: repeat the header lines in handle_errors.',
    once: 'Caddy: header_down -Access-Control-Allow-Origin in reverse_proxy.',
  },
  chi: {
    preflight:
      'chi: r.Use(cors.Handler(options)) first on the outermost router: in a group it does not see preflights.',
    errors: 'chi: r.Use(cors.Handler(options)) first on the outermost router.',
    once: 'chi: r.Use(cors.Handler(options)) once.',
  },
  django: {
    vary: 'django-cors-headers: put CorsMiddleware as high as possible; use patch_vary_headers in views.',
    preflight: 'django-cors-headers: CorsMiddleware above CommonMiddleware and above what authenticates.',
    errors: 'django-cors-headers: CorsMiddleware first in MIDDLEWARE, and CORS_URLS_REGEX wide enough.',
    redirect: 'Django: CorsMiddleware above CommonMiddleware; ask URLs with their trailing slash.',
  },
  'echo-v4': ECHO,
  echo: ECHO,
  envoy: {
    vary: 'Envoy sends no Vary: response_headers_to_add { header: { key: Vary, value: Origin }, append_action: APPEND_IF_EXISTS_OR_ADD }.',
    preflight:
      'Envoy: put the cors filter before jwt_authn and ext_authz; forward_not_matching_preflights: false.',
    errors:
      'Envoy: the cors filter must be the first of the http filters; direct responses get no CORS headers.',
    once: 'Envoy: response_headers_to_remove for the headers of the application.',
  },
  express: {
    vary: "Express cors: give origin as an array, or as a function that answers with one, and it adds Vary to every answer (for false it adds none); later, use res.vary('Name'), not res.set('Vary', …).",
    preflight: 'Express: app.use(cors(options)) before the authentication and the routes.',
    errors: 'Express: app.use(cors(options)) first, so that its headers are set before any error is raised.',
    once: 'Express: call app.use(cors()) once, and take CORS headers out of routes and of the proxy in front.',
    redirect: 'Express: app.use(cors(options)) before what redirects.',
    'no-origin': 'Express cors: in an origin function call callback(null, true) if origin is undefined.',
  },
  fastapi: {
    vary: 'Starlette: use a current release; 0.x leaves Vary out of answers without Origin.',
    preflight: 'Starlette: add CORSMiddleware last, so that it is the outermost one.',
    errors:
      'Starlette answers unhandled errors outside of its middleware: wrap the app, app = CORSMiddleware(app, …), or handle Exception.',
    once: 'Starlette: add CORSMiddleware once, and set no CORS headers in the proxy.',
  },
  fastify: {
    vary: "@fastify/cors: give origin as an array or a function and it adds Vary; do not replace the header with reply.header('vary', …).",
    preflight: 'Fastify: register @fastify/cors before the plugin whose onRequest hook authenticates.',
    errors: 'Fastify: register @fastify/cors on the root instance, not in an encapsulated one.',
    once: 'Fastify: register @fastify/cors once.',
    'no-origin': '@fastify/cors: in an origin function call callback(null, true) if origin is undefined.',
  },
  'fiber-v2': FIBER,
  fiber: FIBER,
  flask: {
    vary: 'Flask-CORS: keep vary_header=True; add Vary: Origin in an after_request for answers to other origins and to none.',
    preflight: "Flask: return early from before_request if request.method == 'OPTIONS'.",
    errors: 'Flask-CORS: keep intercept_exceptions=True, and register CORS on the app, not on one blueprint.',
  },
  gin: {
    vary: 'gin-contrib/cors: c.Header("Vary", "Origin") before it; it leaves it out of answers to requests without Origin.',
    preflight: 'Gin: router.Use(cors.New(config)) before authentication and routes, not in a group.',
    errors: 'Gin: router.Use(cors.New(config)) before the handlers that fail, not in a group.',
    once: 'Gin: router.Use(cors.New(config)) once, and no CORS headers in the proxy in front.',
  },
  'h3-v1': H3,
  h3: H3,
  hapi: {
    errors: 'hapi: set cors in server.options.routes, so that unrouted paths get it too.',
  },
  hono: {
    vary: "hono/cors: use 4.10.3 or later; in handlers c.header('Vary', 'Name', { append: true }).",
    preflight: "Hono: app.use('*', cors(options)) before the middleware that authenticates.",
    errors: "Hono: app.use('*', cors(options)) before the routes; return errors from app.onError.",
    once: "Hono: app.use('*', cors()) once.",
  },
  'jub0bs-cors': {
    preflight: 'jub0bs/cors: wrap the outermost handler, middleware.Wrap(auth(mux)).',
    errors: 'jub0bs/cors: wrap the outermost handler.',
    once: 'jub0bs/cors: wrap once.',
  },
  koa: {
    vary: "@koa/cors adds Vary; later, use ctx.vary('Name'), not ctx.set('Vary', …).",
    preflight: 'Koa: app.use(cors(options)) before authentication and router.',
    errors: '@koa/cors: keepHeadersOnError: true (the default), and app.use(cors()) first.',
    once: 'Koa: app.use(cors()) once.',
  },
  laravel: {
    preflight: "Laravel, config/cors.php: 'paths' has to name this path; HandleCors is a global middleware.",
    errors: "Laravel, config/cors.php: 'paths' => ['*'], so that unknown paths have the headers too.",
    once: 'Laravel: HandleCors alone, no headers in .htaccess or in the proxy in front.',
  },
  lighttpd: {
    vary: 'lighttpd: setenv.add-response-header = ( "Vary" => "Origin" )\noutside of every condition.',
    preflight:
      'lighttpd:\n$HTTP["request-method"] == "OPTIONS" {\n  url.redirect = ( "" => "/" )\n  url.redirect-code = 204\n}\nwith mod_setenv before mod_redirect, and auth.require in a condition that leaves OPTIONS out.',
    once: 'lighttpd: setenv.set-response-header instead of setenv.add-response-header.',
  },
  litestar: {
    vary: 'Litestar: add Vary: Origin in a before_send hook; CORSConfig leaves it out of answers to other origins and to none.',
    preflight:
      'Litestar: Litestar(cors_config=…) answers preflights before routing and guards; a proxy in front must let them through.',
    errors:
      'Litestar: Litestar(cors_config=…), not a middleware of a route: it is around errors and unknown paths too.',
    once: 'Litestar: one cors_config, and no CORS headers in response_headers or in the proxy in front.',
  },
  'nestjs-express': NEST,
  'nestjs-fastify': NEST,
  nitro: {
    preflight:
      'Nitro: call handleCors in server/middleware, which runs before the routes; cors: true in routeRules sets headers, and answers no OPTIONS.',
    once: 'Nitro: handleCors in server/middleware or cors: true in routeRules, not both.',
  },
  nginx: {
    vary: 'nginx: add_header Vary Origin always;\nfor every answer, also in each if and location that has an add_header.',
    preflight:
      'nginx: if ($request_method = OPTIONS) { return 204; }\nIf lines with add_header stand in the if, repeat all of them there, as none is inherited. For auth_basic and auth_request make an exception for OPTIONS.',
    errors:
      'nginx: add "always" to each add_header, and repeat them in each location that has an add_header.',
    conditional: 'nginx: add "always" to each add_header; without it 304 carries them, but errors do not.',
    once: 'nginx: proxy_hide_header Access-Control-Allow-Origin; or leave CORS to the application alone.',
  },
  quarkus: {
    vary: 'Quarkus sends no Vary: quarkus.http.header."Vary".value=Origin',
    preflight: 'Quarkus: quarkus.http.cors.enabled=true; the filter runs before authentication.',
    once: 'Quarkus: no CORS headers in a ContainerResponseFilter or in the proxy in front.',
  },
  'rack-cors': {
    vary: "rack-cors: without vary:, or with 'Origin' in it.",
    preflight:
      'Rails: config.middleware.insert_before 0, Rack::Cors, before the middleware that authenticates.',
    errors:
      'Rails: config.middleware.insert_before 0, Rack::Cors, around the middleware that shows exceptions.',
    once: 'rack-cors: insert it once, and set no CORS headers in controllers.',
  },
  'rs-cors': {
    preflight: 'rs/cors: wrap the outermost handler, c.Handler(auth(mux)), and leave OptionsPassthrough off.',
    errors: 'rs/cors: wrap the outermost handler.',
    once: 'rs/cors: wrap once.',
  },
  s3: {
    vary: 'S3 sends no Vary without Origin: put CloudFront with a response headers policy in front, or load with crossorigin everywhere.',
    preflight: 'S3 answers 403 if no rule matches: origin, method and every header must stand in one rule.',
  },
  'spring-mvc': SPRING,
  'spring-security': SPRING,
  tornado: {
    vary: 'Tornado: self.set_header("Vary", "Origin") in set_default_headers, whatever the Origin.',
    preflight:
      'Tornado: def options(self, *args, **kwargs): self.set_status(204) in the base class of all handlers; a prepare() that authenticates must let OPTIONS pass.',
    errors:
      'Tornado: set the headers in set_default_headers, which is called again before an error is sent, and give Application a default_handler_class that has them too.',
    once: 'Tornado: self.set_header, not self.add_header, and no CORS headers in the proxy in front.',
  },
  'tower-http': {
    vary: 'tower-http: leave .vary() alone; it sends Vary by itself.',
    preflight: 'axum: .layer(cors) last, so that it is outermost; a route_layer does not see a preflight.',
    errors: 'axum: .layer(cors) after all routes and the fallback, with CatchPanicLayer inside of it.',
    once: 'axum: one CorsLayer around the outermost router.',
  },
  traefik: {
    vary: 'Traefik: addVaryHeader: true',
    preflight: 'Traefik: put this headers middleware before the one that authenticates.',
    errors: 'Traefik: a last router with this middleware that takes every path.',
    once: 'Traefik: leave CORS to the middleware or to the application alone.',
  },
};
