/** Laravel with its own HandleCors; a middleware before it chooses the settings if rules differ by path. */
import { type CorsPolicy, type CorsRule, pathRegex } from './cors-policy.ts';
import { withoutPrivateNetwork } from './notes.ts';
import { indent, textOf } from './print.ts';
import type { ConfiguredFile, Stack } from './types.ts';

/** A string in single quotes, in which only a quote and a backslash before one, or before another, are special. */
const text = (value: string): string => `'${value.replace(/\\(?=[\\']|$)|'/g, '\\$&')}'`;

const list = (values: readonly string[]): string => `[${values.map(text).join(', ')}]`;

/** For preg_match; unlike `$`, `\z` is the very end. */
const regex = (source: string): string => text(`#^(?:${source.replaceAll('#', '\\#')})\\z#`);

function settings(rule: CorsRule): string[] {
  const { origins, credentials, methods, requestHeaders, exposedHeaders, maxAge } = rule;
  return [
    "'paths' => ['*'],",
    `'allowed_origins' => ${list(origins.any ? ['*'] : origins.exact)},`,
    ...(origins.any || origins.patterns.length === 0
      ? ["'allowed_origins_patterns' => [],"]
      : [
          '// A * in allowed_origins stands for any text: more labels would be allowed as well.',
          `'allowed_origins_patterns' => [${origins.patterns.map(one => regex(one.source)).join(', ')}],`,
        ]),
    `'allowed_methods' => ${list(methods)},`,
    `'allowed_headers' => ${list(requestHeaders)},`,
    `'exposed_headers' => ${list(exposedHeaders)},`,
    ...(maxAge === undefined
      ? ['// The default of 0 would be sent.', "'max_age' => null,"]
      : [`'max_age' => ${maxAge},`]),
    `'supports_credentials' => ${credentials},`,
  ];
}

const file = (name: string, rule: CorsRule): ConfiguredFile => ({
  path: `config/${name}.php`,
  language: 'php',
  text: textOf(['<?php', '', 'return [', ...indent(4, settings(rule)), '];']),
});

/** The settings of a rule; those of the first are the ones that HandleCors reads. */
const settingsName = ({ name }: CorsRule): string => name.replace(/^policy/, 'cors');

function byPath(others: readonly CorsRule[]): ConfiguredFile[] {
  return [
    ...others.map(rule => file(settingsName(rule), rule)),
    {
      path: 'app/Http/Middleware/CorsByPath.php',
      language: 'php',
      text: textOf([
        '<?php',
        '',
        'namespace App\\Http\\Middleware;',
        '',
        'use Closure;',
        'use Illuminate\\Http\\Request;',
        '',
        '// The settings of HandleCors hold for every path alike: this puts others in their place, for one request.',
        'class CorsByPath',
        '{',
        '    public function handle(Request $request, Closure $next)',
        '    {',
        '        static $first = null;',
        "        $first ??= config('cors');",
        '        $path = $request->getPathInfo();',
        "        config(['cors' => match (true) {",
        ...others.map(
          rule =>
            `            preg_match(${regex(pathRegex(rule))}, $path) === 1 => config(${text(settingsName(rule))}),`,
        ),
        '            default => $first,',
        '        }]);',
        '        return $next($request);',
        '    }',
        '}',
      ]),
    },
    {
      path: 'bootstrap/app.php',
      language: 'php',
      text: textOf([
        '// In withMiddleware: before HandleCors.',
        '$middleware->prepend(\\App\\Http\\Middleware\\CorsByPath::class);',
      ]),
    },
  ];
}

const files = ({ rules: [first, ...others] }: CorsPolicy): ConfiguredFile[] => [
  file('cors', first),
  ...(others.length > 0 ? byPath(others) : []),
];

export const laravel: Stack = {
  id: 'laravel',
  title: 'Laravel',
  ecosystem: 'composer',
  aliases: ['php-cors', 'fruitcake'],
  marks: { packages: ['laravel/framework', 'fruitcake/php-cors', 'fruitcake/laravel-cors'], headers: [] },
  docs: 'https://laravel.com/docs/routing#cors',
  configure: policy => ({
    files: files(policy),
    notes: [
      ...withoutPrivateNetwork(policy),
      {
        text: 'If one origin is allowed by name, HandleCors sends it to everyone, whoever asks: harmless, as a browser compares it.',
      },
    ],
  }),
  gettingStarted: {
    source: 'https://laravel.com/docs/routing#cors',
    files: () => [
      {
        path: 'config/cors.php',
        language: 'php',
        text: textOf([
          '<?php',
          '',
          'return [',
          "    'paths' => ['api/*', 'sanctum/csrf-cookie'],",
          "    'allowed_methods' => ['*'],",
          "    'allowed_origins' => ['*'],",
          "    'allowed_origins_patterns' => [],",
          "    'allowed_headers' => ['*'],",
          "    'exposed_headers' => [],",
          "    'max_age' => 0,",
          "    'supports_credentials' => false,",
          '];',
        ]),
      },
    ],
  },
  notProven:
    'HandleCors came with Laravel 9, which only Composer installs; Debian has 8.83 without it, and no package of fruitcake',
};
