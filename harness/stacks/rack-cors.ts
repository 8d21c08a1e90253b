/** Rails, or any other Rack application, with rack-cors. */
import { type CorsPolicy, type CorsRule, originsRegex, pathRegex } from './cors-policy.ts';
import { withoutPrivateNetwork } from './notes.ts';
import { indent, textOf } from './print.ts';
import type { Stack } from './types.ts';

/** A string in single quotes, in which only a quote and a backslash before one, or before another, are special. */
const text = (value: string): string => `'${value.replace(/\\(?=[\\']|$)|'/g, '\\$&')}'`;

const list = (values: readonly string[]): string => `[${values.map(text).join(', ')}]`;

const whole = (source: string): string => `Regexp.new(${text(`\\A(?:${source})\\z`)})`;

function origins({ origins: allowed }: CorsRule): string[] {
  if (allowed.any) return ["origins '*'"];
  // Other schemes, and null, would be taken for the name of a host.
  if (allowed.patterns.length === 0 && allowed.exact.every(one => /^https?:/.test(one)))
    return [`origins ${allowed.exact.map(text).join(', ')}`];
  return [`origins ${whole(originsRegex(allowed))}`];
}

/** Which paths a rule is for; the first rule holds wherever no other does, whatever the origin. */
function condition(policy: CorsPolicy, rule: CorsRule): string[] {
  if (rule.paths.length > 0)
    return [`if: proc { |env| env['PATH_INFO'].match?(${whole(pathRegex(rule))}) },`];
  const others = policy.rules.slice(1).map(pathRegex);
  return others.length === 0
    ? []
    : [`if: proc { |env| !env['PATH_INFO'].match?(${whole(others.join('|'))}) },`];
}

function allow(policy: CorsPolicy, rule: CorsRule): string[] {
  const { credentials, methods, requestHeaders, exposedHeaders, maxAge } = rule;
  const symbols = methods.map(name => `:${name.toLowerCase()}`).join(', ');
  return [
    'allow do',
    ...indent(2, [
      ...origins(rule),
      "resource '*',",
      ...indent(2, [
        ...condition(policy, rule),
        `methods: [${symbols}],`,
        `headers: ${requestHeaders.includes('*') ? ':any' : list(requestHeaders)},`,
        ...(exposedHeaders.length > 0 ? [`expose: ${list(exposedHeaders)},`] : []),
        ...(credentials ? ['credentials: true,'] : []),
        ...(maxAge === undefined
          ? ['# What browsers take by themselves; the default is two hours.', 'max_age: 5']
          : [`max_age: ${maxAge}`]),
      ]),
    ]),
    'end',
  ];
}

const PATH = 'config/initializers/cors.rb';

const documentation = 'https://github.com/cyu/rack-cors';

export const rackCors: Stack = {
  id: 'rack-cors',
  title: 'Rails with rack-cors',
  ecosystem: 'gems',
  aliases: ['rails', 'rack'],
  marks: { packages: ['rack-cors', 'rails'], headers: [] },
  docs: `${documentation}#configuration-reference`,
  configure: policy => ({
    files: [
      {
        path: PATH,
        language: 'ruby',
        text: textOf([
          '# The outermost middleware: before authentication, since a preflight carries none, and so that errors and unknown paths',
          '# have the headers too. Without Rails: use Rack::Cors do … end, first in config.ru.',
          'Rails.application.config.middleware.insert_before 0, Rack::Cors do',
          ...indent(
            2,
            policy.rules.flatMap(rule => allow(policy, rule)),
          ),
          'end',
        ]),
      },
    ],
    notes: [
      ...withoutPrivateNetwork(policy),
      {
        text: 'Without Rails, an exception that no middleware inside of it turns into an answer is answered without the headers.',
        workaround: 'Put one that does inside of it.',
      },
    ],
  }),
  gettingStarted: {
    source: `${documentation}#rails-configuration`,
    files: () => [
      {
        path: PATH,
        language: 'ruby',
        text: textOf([
          'Rails.application.config.middleware.insert_before 0, Rack::Cors do',
          '  allow do',
          "    origins '*'",
          "    resource '*', headers: :any, methods: [:get, :post]",
          '  end',
          'end',
        ]),
      },
    ],
  },
};
