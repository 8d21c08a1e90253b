/** h3 1 with its own handleCors, which leaves out the max-age and, on answers to other origins, Vary. */
import type { CorsPolicy } from './cors-policy.ts';
import { H3_DIALECT } from './h3.ts';
import { withoutPrivateNetwork } from './notes.ts';
import { textOf } from './print.ts';
import { BEFORE_ALL, objectConstant, optionLines, pickByPath } from './print-js.ts';
import type { Stack } from './types.ts';

const options = (policy: CorsPolicy): string[] =>
  policy.rules.flatMap((rule, i) => [
    ...(i > 0 ? [''] : []),
    ...objectConstant(rule.name, optionLines(rule, H3_DIALECT)),
  ]);

/** The body of an event handler. Answers to no origin at all get a "*" from h3: Vary keeps caches from sharing it. */
function handler(policy: CorsPolicy): string[] {
  const several = policy.rules.length > 1;
  const rule = several ? 'rule' : policy.rules[0].name;
  const lines: string[] = [];
  if (several) {
    lines.push("const [path] = event.path.split('?');", `const rule = ${pickByPath(policy, 'path')};`);
  }
  if (policy.rules.some(one => !one.origins.any))
    lines.push(
      '// Only answers to allowed origins would say so by themselves; caches go by it on all of them.',
      "appendResponseHeader(event, 'Vary', 'Origin');",
    );
  if (policy.rules.some(one => one.maxAge !== undefined))
    lines.push(
      '// Its own option maxAge has no effect.',
      several
        ? 'if (rule.maxAge !== undefined && isPreflightRequest(event))'
        : 'if (isPreflightRequest(event))',
      `  setResponseHeader(event, 'Access-Control-Max-Age', String(${rule}.maxAge));`,
    );
  lines.push(`if (handleCors(event, ${rule})) return;`);
  return lines;
}

/** A module's text: imports, options, then the handler between two lines of the framework's own. */
export function h3v1Text(
  policy: CorsPolicy,
  begin: string,
  end: string,
  more: readonly string[] = [],
): string {
  const body = handler(policy);
  const names = [
    'appendResponseHeader',
    'eventHandler',
    'handleCors',
    'isPreflightRequest',
    'setResponseHeader',
  ];
  const used = names.filter(name => [begin, ...body].some(line => line.includes(`${name}(`)));
  return textOf([
    `import { ${used.join(', ')} } from 'h3';`,
    '',
    ...options(policy),
    '',
    ...more,
    begin,
    ...body.map(line => `  ${line}`),
    end,
  ]);
}

export const h3V1: Stack = {
  id: 'h3-v1',
  title: 'h3 1',
  ecosystem: 'npm',
  aliases: ['h3-1'],
  marks: { packages: ['h3@1'], headers: [] },
  docs: 'https://v1.h3.dev/examples/handle-cors',
  configure: policy => ({
    files: [
      {
        path: 'server.mjs',
        language: 'js',
        text: h3v1Text(policy, 'app.use(eventHandler(event => {', '}));', [BEFORE_ALL]),
      },
    ],
    notes: withoutPrivateNetwork(policy),
  }),
  gettingStarted: {
    source: 'https://v1.h3.dev/utils/security#handlecorsevent-options',
    files: () => [
      {
        path: 'server.mjs',
        language: 'js',
        text: textOf([
          "import { eventHandler, handleCors } from 'h3';",
          '',
          'app.use(eventHandler(event => {',
          '  const didHandleCors = handleCors(event, {',
          "    origin: '*',",
          '    preflight: {',
          '      statusCode: 204,',
          '    },',
          "    methods: '*',",
          '  });',
          '  if (didHandleCors) return;',
          '}));',
        ]),
      },
    ],
  },
};
