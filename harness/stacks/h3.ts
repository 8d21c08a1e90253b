/** h3 2 with its own handleCors. */
import { withoutPrivateNetwork } from './notes.ts';
import { textOf } from './print.ts';
import {
  BEFORE_ALL,
  CORS_DIALECT,
  type OptionsDialect,
  optionConstants,
  originOption,
  pickByPath,
} from './print-js.ts';
import type { Stack } from './types.ts';

/** The options of both releases. */
export const H3_DIALECT: OptionsDialect = {
  ...CORS_DIALECT,
  methods: 'methods',
  requestHeaders: 'allowHeaders',
  exposedHeaders: 'exposeHeaders',
  methodsReason: 'The default is every method.',
  headersReason: 'If this is left out or empty, every header that is asked for is allowed.',
  noHeaders: "['Accept']",
  noExposed: '[]',
  origin: rule => [`origin: ${originOption(rule.origins)},`],
};

export const h3: Stack = {
  id: 'h3',
  title: 'h3 2',
  ecosystem: 'npm',
  aliases: ['h3-v2'],
  marks: { packages: ['h3'], headers: [] },
  docs: 'https://h3.dev/utils/security#cors',
  configure: policy => ({
    files: [
      {
        path: 'server.mjs',
        language: 'js',
        text: textOf([
          "import { handleCors } from 'h3';",
          '',
          // This release takes the seconds as text.
          ...optionConstants(policy, H3_DIALECT).map(line =>
            line.replace(/^( {2}maxAge: )(\d+),$/, "$1'$2',"),
          ),
          '',
          BEFORE_ALL,
          'app.use((event, next) => {',
          `  const answer = handleCors(event, ${pickByPath(policy, 'event.url.pathname')});`,
          '  return answer === false ? next() : answer;',
          '});',
        ]),
      },
    ],
    notes: withoutPrivateNetwork(policy),
  }),
  gettingStarted: {
    source: 'https://h3.dev/utils/security#handlecorsevent-options',
    files: () => [
      {
        path: 'server.mjs',
        language: 'js',
        text: textOf([
          "import { handleCors } from 'h3';",
          '',
          'app.use((event, next) => {',
          '  const corsRes = handleCors(event, {',
          "    origin: '*',",
          '    preflight: {',
          '      statusCode: 204,',
          '    },',
          "    methods: '*',",
          '  });',
          '  if (corsRes !== false) return corsRes;',
          '  return next();',
          '});',
        ]),
      },
    ],
  },
};
