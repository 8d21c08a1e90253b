/** CORS by hand in JavaScript, for frameworks that have no CORS layer or one that cannot keep a policy. */
import { type CorsPolicy, type CorsRule, sendsHeadersBack } from './cors-policy.ts';
import { indent, jsString } from './print.ts';
import { allowsLines, objectConstant, patternComments, pickByPath } from './print-js.ts';

/** How the code reads a request. */
export interface RequestDialect {
  /** An expression for the value of a request header. */
  header(name: string): string;
  /** An expression for the path. */
  readonly path: string;
  /** A condition for the method OPTIONS. */
  readonly isOptions: string;
}

/** A `Request` of the Fetch Standard. */
export const FETCH_REQUEST: RequestDialect = {
  header: name => `request.headers.get(${jsString(name)})`,
  path: 'new URL(request.url).pathname',
  isOptions: "request.method === 'OPTIONS'",
};

/** A request with Node's headers, as hapi has it. */
export const NODE_REQUEST: RequestDialect = {
  header: name =>
    name === 'Origin' ? 'request.headers.origin' : `request.headers[${jsString(name.toLowerCase())}]`,
  path: 'request.path',
  isOptions: "request.method === 'options'",
};

const headerLine = (name: string, value: string): string => `${jsString(name)}: ${jsString(value)},`;

/** The headers of the answer to a preflight, and of any other answer. */
function rule(one: CorsRule): string[] {
  const { origins, credentials, methods, requestHeaders, exposedHeaders, maxAge, privateNetwork } = one;
  const preflight = [headerLine('Access-Control-Allow-Methods', methods.join(', '))];
  const sendsBack = sendsHeadersBack(one);
  if (requestHeaders.length > 0 && !sendsBack)
    preflight.push(headerLine('Access-Control-Allow-Headers', requestHeaders.join(', ')));
  if (maxAge !== undefined) preflight.push(headerLine('Access-Control-Max-Age', String(maxAge)));
  if (privateNetwork) preflight.push(headerLine('Access-Control-Allow-Private-Network', 'true'));
  const exposed = exposedHeaders.join(', ');
  return objectConstant(one.name, [
    ...patternComments(origins),
    ...(origins.any ? ['any: true,'] : allowsLines(origins)),
    ...(credentials ? ['credentials: true,'] : []),
    ...(sendsBack ? ['anyHeader: true,'] : []),
    'preflight: {',
    ...indent(2, preflight),
    '},',
    exposed === ''
      ? 'response: {},'
      : `response: { ${headerLine('Access-Control-Expose-Headers', exposed).slice(0, -1)} },`,
  ]);
}

/** Code that defines `isPreflight(request)` and `corsHeaders(request)`, which gives the headers of the answer as an object. */
export function corsHeadersFunction(
  policy: CorsPolicy,
  { header, path, isOptions }: RequestDialect,
): string[] {
  const { rules } = policy;
  const some = (what: (one: CorsRule) => boolean) => rules.some(what);
  const every = (what: (one: CorsRule) => boolean) => rules.every(what);
  const isAny = (one: CorsRule) => one.origins.any;
  const several = rules.length > 1;
  const name = several ? 'rule' : rules[0].name;
  const body: string[] = [];
  if (several) body.push(`const path = ${path};`, `const rule = ${pickByPath(policy, 'path')};`);
  if (every(isAny)) body.push("const headers = { 'Access-Control-Allow-Origin': '*' };");
  else {
    body.push(
      '// On every answer, also to other origins and to none: caches go by it.',
      "const headers = { Vary: 'Origin' };",
      `const origin = ${header('Origin')};`,
      some(isAny)
        ? `if (!origin || !(${name}.any || ${name}.allows(origin))) return headers;`
        : `if (!origin || !${name}.allows(origin)) return headers;`,
      some(isAny)
        ? `headers['Access-Control-Allow-Origin'] = ${name}.any ? '*' : origin;`
        : "headers['Access-Control-Allow-Origin'] = origin;",
    );
  }
  if (some(one => one.credentials)) {
    const all = every(one => one.credentials);
    body.push(
      `${all ? '' : `if (${name}.credentials) `}headers['Access-Control-Allow-Credentials'] = 'true';`,
    );
  }
  if (some(sendsHeadersBack))
    body.push(
      `if (${every(sendsHeadersBack) ? '' : `${name}.anyHeader && `}isPreflight(request))`,
      `  headers['Access-Control-Allow-Headers'] = ${header('Access-Control-Request-Headers')} ?? '';`,
    );
  body.push(`return Object.assign(headers, isPreflight(request) ? ${name}.preflight : ${name}.response);`);
  return [
    ...rules.flatMap(one => [...rule(one), '']),
    'const isPreflight = request =>',
    `  ${isOptions} && Boolean(${header('Access-Control-Request-Method')});`,
    '',
    '/** The CORS headers of the answer to a request. */',
    'function corsHeaders(request) {',
    ...indent(2, body),
    '}',
  ];
}
