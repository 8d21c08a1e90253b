/** Per stack, the lines that set what a policy declares. Written for current releases of each. */
import type { Concept } from './fixes.ts';
import type { Stack } from './schema.ts';

type Fixes = Readonly<Partial<Record<Concept, string>>>;

export const FIXES: Readonly<Record<Stack, Fixes>> = {
  'express-cors': {
    origins:
      "Express cors: cors({ origin: ['https://app.example.com'] }); it reflects every origin with origin: true.",
    credentials: "Express cors: cors({ origin: ['https://app.example.com'], credentials: true }).",
    methods:
      "Express cors: cors({ methods: ['GET', 'PUT'] }); its default is GET,HEAD,PUT,PATCH,POST,DELETE.",
    headers: "Express cors: cors({ allowedHeaders: ['X-Name'] }); unset, it allows whatever is asked for.",
    expose: "Express cors: cors({ exposedHeaders: ['X-Name'] }).",
    'max-age': 'Express cors: cors({ maxAge: 600 }).',
    vary: "Express cors: give origin as an array or a function and it adds Vary; later, use res.vary('Name'), not res.set('Vary', …).",
    preflight: 'Express: app.use(cors(options)) before the authentication and the routes.',
    errors: 'Express: app.use(cors(options)) first, so that its headers are set before any error is raised.',
    once: 'Express: call app.use(cors()) once, and take CORS headers out of routes and of the proxy in front.',
    redirect: 'Express: app.use(cors(options)) before what redirects.',
    'no-origin': 'Express cors: in an origin function call callback(null, true) where origin is undefined.',
  },
  'fastify-cors': {
    origins: "@fastify/cors: { origin: ['https://app.example.com'] }.",
    credentials: "@fastify/cors: { origin: ['https://app.example.com'], credentials: true }.",
    methods: "@fastify/cors: { methods: ['GET', 'PUT'] }; since 11.0.0 its default is GET,HEAD,POST only.",
    headers: "@fastify/cors: { allowedHeaders: ['X-Name'] }; unset, it allows whatever is asked for.",
    expose: "@fastify/cors: { exposedHeaders: ['X-Name'] }.",
    'max-age': '@fastify/cors: { maxAge: 600 }.',
    vary: "@fastify/cors: give origin as an array or a function and it adds Vary; do not replace the header with reply.header('vary', …).",
    preflight: 'Fastify: register @fastify/cors before the plugin whose onRequest hook authenticates.',
    errors: 'Fastify: register @fastify/cors on the root instance, not in an encapsulated one.',
    once: 'Fastify: register @fastify/cors once.',
    'no-origin': '@fastify/cors: in an origin function call callback(null, true) where origin is undefined.',
  },
  'koa-cors': {
    origins: "@koa/cors: cors({ origin: ctx => allowed.has(ctx.get('Origin')) ? ctx.get('Origin') : '' }).",
    credentials:
      '@koa/cors: credentials: true together with an origin function; a plain default reflects every origin.',
    methods: "@koa/cors: cors({ allowMethods: ['GET', 'PUT'] }).",
    headers: "@koa/cors: cors({ allowHeaders: ['X-Name'] }); unset, it allows whatever is asked for.",
    expose: "@koa/cors: cors({ exposeHeaders: ['X-Name'] }).",
    'max-age': '@koa/cors: cors({ maxAge: 600 }).',
    vary: "@koa/cors adds Vary; later, use ctx.vary('Name'), not ctx.set('Vary', …).",
    preflight: 'Koa: app.use(cors(options)) before authentication and router.',
    errors: '@koa/cors: keepHeadersOnError: true (the default), and app.use(cors()) first.',
    once: 'Koa: app.use(cors()) once.',
    'private-network': '@koa/cors: privateNetworkAccess: false.',
  },
  hono: {
    origins: "hono/cors: cors({ origin: ['https://app.example.com'] }).",
    credentials: "hono/cors: cors({ origin: ['https://app.example.com'], credentials: true }).",
    methods: "hono/cors: cors({ allowMethods: ['GET', 'PUT'] }).",
    headers: "hono/cors: cors({ allowHeaders: ['X-Name'] }); unset, it allows whatever is asked for.",
    expose: "hono/cors: cors({ exposeHeaders: ['X-Name'] }).",
    'max-age': 'hono/cors: cors({ maxAge: 600 }).',
    vary: "hono/cors: use 4.10.3 or later; in handlers c.header('Vary', 'Name', { append: true }).",
    preflight: "Hono: app.use('*', cors(options)) before the middleware that authenticates.",
    errors: "Hono: app.use('*', cors(options)) before the routes; return errors from app.onError.",
    once: "Hono: app.use('*', cors()) once.",
  },
  h3: {
    origins: "h3: handleCors(event, { origin: ['https://app.example.com'] }).",
    credentials: "h3: handleCors(event, { origin: ['https://app.example.com'], credentials: true }).",
    methods: "h3: handleCors(event, { methods: ['GET', 'PUT'] }).",
    headers: "h3: handleCors(event, { allowHeaders: ['X-Name'] }).",
    expose: "h3: handleCors(event, { exposeHeaders: ['X-Name'] }).",
    'max-age':
      "h3: handleCors(event, { maxAge: '600' }), from 2.0 on; 1.x ignores it: set the header yourself.",
    vary: 'h3: use 2.0 or later; 1.x leaves Vary out of answers without Origin.',
    preflight: 'h3: call handleCors in a global middleware, before authentication.',
    errors: 'h3: call handleCors in a global middleware, so that thrown errors keep its headers.',
    once: 'h3: call handleCors in one place.',
  },
  nestjs: {
    origins: "Nest: app.enableCors({ origin: ['https://app.example.com'] }).",
    credentials: "Nest: app.enableCors({ origin: ['https://app.example.com'], credentials: true }).",
    methods: "Nest: app.enableCors({ methods: ['GET', 'PUT'] }); on Fastify the default is GET,HEAD,POST.",
    headers: "Nest: app.enableCors({ allowedHeaders: ['X-Name'] }).",
    expose: "Nest: app.enableCors({ exposedHeaders: ['X-Name'] }).",
    'max-age': 'Nest: app.enableCors({ maxAge: 600 }).',
    preflight: 'Nest: app.enableCors() before other app.use(); a global guard does not see preflights then.',
    once: 'Nest: enableCors in main.ts only, not also on gateways or in a proxy.',
  },
  hapi: {
    origins: "hapi: routes: { cors: { origin: ['https://app.example.com'] } }; ['*'] reflects every origin.",
    credentials:
      "hapi: cors: { origin: ['https://app.example.com'], credentials: true }; never with origin ['*'].",
    methods: 'hapi answers the methods that have a route on the path.',
    headers: "hapi: cors: { additionalHeaders: ['X-Name'] }.",
    expose: "hapi: cors: { additionalExposedHeaders: ['X-Name'] }.",
    'max-age': 'hapi: cors: { maxAge: 600 }.',
    errors: 'hapi: set cors in server.options.routes, so that unrouted paths get it too.',
  },
  django: {
    origins:
      "django-cors-headers: CORS_ALLOWED_ORIGINS = ['https://app.example.com']; anchor CORS_ALLOWED_ORIGIN_REGEXES with ^ and $.",
    credentials: 'django-cors-headers: CORS_ALLOW_CREDENTIALS = True, never with CORS_ALLOW_ALL_ORIGINS.',
    methods: "django-cors-headers: CORS_ALLOW_METHODS = ['GET', 'PUT'].",
    headers: "django-cors-headers: CORS_ALLOW_HEADERS = [*default_headers, 'x-name'].",
    expose: "django-cors-headers: CORS_EXPOSE_HEADERS = ['x-name'].",
    'max-age': 'django-cors-headers: CORS_PREFLIGHT_MAX_AGE = 600.',
    vary: 'django-cors-headers: put CorsMiddleware as high as possible; use patch_vary_headers in views.',
    preflight: 'django-cors-headers: CorsMiddleware above CommonMiddleware and above what authenticates.',
    errors: 'django-cors-headers: CorsMiddleware first in MIDDLEWARE, and CORS_URLS_REGEX wide enough.',
    redirect: 'Django: CorsMiddleware above CommonMiddleware; ask URLs with their trailing slash.',
    'private-network': 'django-cors-headers: CORS_ALLOW_PRIVATE_NETWORK = False.',
  },
  fastapi: {
    origins:
      "Starlette: CORSMiddleware, allow_origins=['https://app.example.com']; allow_origin_regex must match the whole origin.",
    credentials: "Starlette: allow_credentials=True with listed allow_origins, never with ['*'].",
    methods: "Starlette: allow_methods=['GET', 'PUT']; its default is GET only.",
    headers: "Starlette: allow_headers=['X-Name'].",
    expose: "Starlette: expose_headers=['X-Name'].",
    'max-age': 'Starlette: max_age=600.',
    vary: 'Starlette: use a current release; 0.x leaves Vary out of answers without Origin.',
    preflight: 'Starlette: add CORSMiddleware last, so that it is the outermost one.',
    errors:
      'Starlette answers unhandled errors outside of its middleware: wrap the app, app = CORSMiddleware(app, …), or handle Exception.',
    once: 'Starlette: add CORSMiddleware once, and set no CORS headers in the proxy.',
  },
  flask: {
    origins:
      "Flask-CORS: CORS(app, origins=['https://app.example.com']); escape dots and end a pattern with $.",
    credentials: "Flask-CORS: CORS(app, origins=['https://app.example.com'], supports_credentials=True).",
    methods: "Flask-CORS: CORS(app, methods=['GET', 'PUT']).",
    headers: "Flask-CORS: CORS(app, allow_headers=['X-Name']); its default allows whatever is asked for.",
    expose: "Flask-CORS: CORS(app, expose_headers=['X-Name']).",
    'max-age': 'Flask-CORS: CORS(app, max_age=600).',
    vary: 'Flask-CORS: keep vary_header=True; add Vary: Origin in an after_request for answers to other origins.',
    preflight: "Flask: return early from before_request where request.method == 'OPTIONS'.",
    errors: 'Flask-CORS: keep intercept_exceptions=True, and register CORS on the app, not on one blueprint.',
    'private-network': 'Flask-CORS: use 5.0 or later, with allow_private_network=False.',
  },
  'rs-cors': {
    origins: 'rs/cors: cors.Options{AllowedOrigins: []string{"https://app.example.com"}}.',
    credentials: 'rs/cors: AllowCredentials: true with listed AllowedOrigins.',
    methods: 'rs/cors: AllowedMethods: []string{"GET", "PUT"}; its default is GET, POST, HEAD.',
    headers: 'rs/cors: AllowedHeaders: []string{"X-Name"}.',
    expose: 'rs/cors: ExposedHeaders: []string{"X-Name"}.',
    'max-age': 'rs/cors: MaxAge: 600.',
    preflight: 'rs/cors: wrap the outermost handler, c.Handler(auth(mux)), and leave OptionsPassthrough off.',
    errors: 'rs/cors: wrap the outermost handler.',
    once: 'rs/cors: wrap once.',
    'private-network': 'rs/cors: AllowPrivateNetwork: false.',
  },
  spring: {
    origins: 'Spring: configuration.setAllowedOrigins(List.of("https://app.example.com")).',
    credentials:
      'Spring: setAllowCredentials(true) with setAllowedOrigins, not with allowedOriginPatterns("*").',
    methods: 'Spring: setAllowedMethods(List.of("GET", "PUT")); its default is GET, HEAD, POST.',
    headers: 'Spring: setAllowedHeaders(List.of("X-Name")).',
    expose: 'Spring: setExposedHeaders(List.of("X-Name")).',
    'max-age': 'Spring: setMaxAge(600L).',
    preflight: 'Spring Security: http.cors(withDefaults()), so that CORS runs before authentication.',
    errors:
      'Spring: use a CorsFilter with the highest precedence, so that errors of other filters get the headers.',
    once: 'Spring: configure CORS in one place: CorsConfigurationSource, @CrossOrigin or the gateway.',
    'private-network': 'Spring: setAllowPrivateNetwork(false).',
  },
  aspnet: {
    origins: 'ASP.NET Core: policy.WithOrigins("https://app.example.com"), without a trailing slash.',
    credentials: 'ASP.NET Core: policy.WithOrigins(…).AllowCredentials().',
    methods: 'ASP.NET Core: policy.WithMethods("GET", "PUT").',
    headers: 'ASP.NET Core: policy.WithHeaders("X-Name").',
    expose: 'ASP.NET Core: policy.WithExposedHeaders("X-Name").',
    'max-age': 'ASP.NET Core: policy.SetPreflightMaxAge(TimeSpan.FromMinutes(10)).',
    preflight:
      'ASP.NET Core: app.UseCors() after UseRouting and before UseAuthentication and UseAuthorization.',
    errors:
      'ASP.NET Core: app.UseCors() before the middleware that fails; UseExceptionHandler clears headers, so let it run outside.',
    redirect: 'ASP.NET Core: app.UseCors() before UseHttpsRedirection, or ask https at once.',
    once: 'ASP.NET Core: app.UseCors() once, and no CORS headers in web.config or nginx.',
  },
  nginx: {
    origins:
      'nginx: map $http_origin $cors { default ""; "https://app.example.com" $http_origin; } then add_header Access-Control-Allow-Origin $cors always;. In patterns use ~^…$ and \\. for dots.',
    credentials:
      'nginx: add_header Access-Control-Allow-Credentials $cors_credentials always;, mapped like the origin.',
    methods: 'nginx: add_header Access-Control-Allow-Methods "GET, PUT" always; in the answer to OPTIONS.',
    headers: 'nginx: add_header Access-Control-Allow-Headers "X-Name" always; in the answer to OPTIONS.',
    expose: 'nginx: add_header Access-Control-Expose-Headers "X-Name" always;.',
    'max-age': 'nginx: add_header Access-Control-Max-Age 600 always; in the answer to OPTIONS.',
    vary: 'nginx: add_header Vary Origin always; for every answer, outside of any if.',
    preflight:
      'nginx: if ($request_method = OPTIONS) { return 204; }, with auth_request and auth_basic off for it.',
    errors:
      'nginx: add "always" to each add_header, and repeat them in a location that has an add_header of its own.',
    once: 'nginx: proxy_hide_header Access-Control-Allow-Origin;, or leave CORS to the application alone.',
  },
  apache: {
    origins:
      'Apache: SetEnvIf Origin "^https://app\\.example\\.com$" CORS=$0 and Header always set Access-Control-Allow-Origin %{CORS}e env=CORS.',
    credentials: 'Apache: Header always set Access-Control-Allow-Credentials true env=CORS.',
    methods: 'Apache: Header always set Access-Control-Allow-Methods "GET, PUT" env=CORS.',
    headers: 'Apache: Header always set Access-Control-Allow-Headers "X-Name" env=CORS.',
    expose: 'Apache: Header always set Access-Control-Expose-Headers "X-Name" env=CORS.',
    'max-age': 'Apache: Header always set Access-Control-Max-Age 600 env=CORS.',
    vary: 'Apache: Header always merge Vary Origin.',
    preflight:
      'Apache: RewriteCond %{REQUEST_METHOD} OPTIONS, RewriteRule ^ - [R=204,L]; "Header set" without "always" is left out there.',
    errors: 'Apache: "Header always set" instead of "Header set".',
    once: 'Apache: Header unset Access-Control-Allow-Origin for proxied answers, or "set" instead of "add".',
  },
  caddy: {
    origins:
      'Caddy: @cors header Origin https://app.example.com, then header @cors Access-Control-Allow-Origin https://app.example.com.',
    credentials: 'Caddy: header @cors Access-Control-Allow-Credentials true.',
    methods: 'Caddy: header @preflight Access-Control-Allow-Methods "GET, PUT".',
    headers: 'Caddy: header @preflight Access-Control-Allow-Headers "X-Name".',
    expose: 'Caddy: header @cors Access-Control-Expose-Headers "X-Name".',
    'max-age': 'Caddy: header @preflight Access-Control-Max-Age 600.',
    vary: 'Caddy: header +Vary Origin, without a matcher.',
    preflight:
      'Caddy: @preflight { method OPTIONS; header Access-Control-Request-Method * } and respond @preflight 204, before basic_auth and forward_auth.',
    errors: 'Caddy: repeat the header lines in handle_errors.',
    once: 'Caddy: header_down -Access-Control-Allow-Origin in reverse_proxy.',
  },
  envoy: {
    origins:
      'Envoy: allow_origin_string_match: [{ exact: "https://app.example.com" }]; escape dots in safe_regex.',
    credentials: 'Envoy: allow_credentials: true with exact origins.',
    methods: 'Envoy: allow_methods: "GET,PUT".',
    headers: 'Envoy: allow_headers: "x-name".',
    expose: 'Envoy: expose_headers: "x-name".',
    'max-age': 'Envoy: max_age: "600".',
    vary: 'Envoy sends no Vary: response_headers_to_add { header: { key: Vary, value: Origin }, append_action: APPEND_IF_EXISTS_OR_ADD }.',
    preflight:
      'Envoy: put the cors filter before jwt_authn and ext_authz; forward_not_matching_preflights: false.',
    errors:
      'Envoy: the cors filter must be the first of the http filters; direct responses get no CORS headers.',
    once: 'Envoy: response_headers_to_remove for the headers of the application.',
    'private-network': 'Envoy: allow_private_network_access: false.',
  },
  s3: {
    origins: 'S3: "AllowedOrigins": ["https://app.example.com"] in the CORS rules of the bucket.',
    methods: 'S3: "AllowedMethods": ["GET", "PUT"].',
    headers: 'S3: "AllowedHeaders": ["x-name"].',
    expose: 'S3: "ExposeHeaders": ["ETag"].',
    'max-age': 'S3: "MaxAgeSeconds": 600.',
    vary: 'S3 sends no Vary without Origin: put CloudFront with a response headers policy in front, or load with crossorigin everywhere.',
    preflight:
      'S3 answers 403 where no rule matches: origin, method and every header must stand in one rule.',
  },
};
