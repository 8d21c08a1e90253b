/** ASP.NET Core with its CORS middleware. */
import { type CorsPolicy, type CorsRule, originsRegex, pathRegex } from './cors-policy.ts';
import { withoutPrivateNetwork } from './notes.ts';
import { indent, quoted, textOf } from './print.ts';
import type { ConfiguredFile, Stack } from './types.ts';

const list = (values: readonly string[]): string => values.map(quoted).join(', ');

/** A verbatim string. `\z` is the very end; `$` would allow a line break after it. */
const regex = (source: string): string => `@"^(?:${source.replaceAll('"', '""')})\\z"`;

function origins({ origins: allowed }: CorsRule): string[] {
  if (allowed.any) return ['.AllowAnyOrigin()'];
  if (allowed.patterns.length === 0) return [`.WithOrigins(${list(allowed.exact)})`];
  return [
    '// SetIsOriginAllowedToAllowWildcardSubdomains would allow more labels as well.',
    `.SetIsOriginAllowed(origin => Regex.IsMatch(origin, ${regex(originsRegex(allowed))}))`,
  ];
}

function policyLines(rule: CorsRule): string[] {
  const { name, credentials, methods, requestHeaders, exposedHeaders, maxAge } = rule;
  const calls = [
    ...origins(rule),
    ...(credentials ? ['.AllowCredentials()'] : []),
    `.WithMethods(${list(methods)})`,
    ...(requestHeaders.includes('*')
      ? ['.AllowAnyHeader()']
      : requestHeaders.length > 0
        ? [`.WithHeaders(${list(requestHeaders)})`]
        : []),
    ...(exposedHeaders.length > 0 ? [`.WithExposedHeaders(${list(exposedHeaders)})`] : []),
    ...(maxAge === undefined ? [] : [`.SetPreflightMaxAge(TimeSpan.FromSeconds(${maxAge}))`]),
  ];
  const last = calls.length - 1;
  return [
    `options.AddPolicy(${quoted(name)}, policy => policy`,
    ...indent(
      4,
      calls.map((call, i) => (i === last ? `${call});` : call)),
    ),
  ];
}

const services = (policy: CorsPolicy): ConfiguredFile => ({
  path: 'Program.services.cs',
  language: 'csharp',
  text: textOf([
    '// In Program.cs, before builder.Build().',
    'builder.Services.AddCors(options =>',
    '{',
    ...indent(4, policy.rules.flatMap(policyLines)),
    '});',
  ]),
});

const matches = (rule: CorsRule): string =>
  `Regex.IsMatch(context.Request.Path.Value ?? "", ${regex(pathRegex(rule))})`;

function pipeline({ rules }: CorsPolicy): ConfiguredFile {
  const [first, ...others] = rules;
  const vary = [
    '// Whatever the origin, or without one: caches go by it, and the middleware says so for some answers only.',
    'app.Use((context, next) =>',
    '{',
    '    context.Response.OnStarting(() =>',
    '    {',
    '        context.Response.Headers.Append("Vary", "Origin");',
    '        return Task.CompletedTask;',
    '    });',
    '    return next(context);',
    '});',
  ];
  const none = others.map(rule => `!${matches(rule)}`).join(' && ');
  return {
    path: 'Program.pipeline.cs',
    language: 'csharp',
    text: textOf([
      '// In Program.cs, first of all: before UseExceptionHandler, UseAuthentication and UseAuthorization, since a preflight',
      '// carries no credentials and errors need the headers too.',
      ...(rules.every(rule => rule.origins.any) ? [] : vary),
      ...others.map(
        rule => `app.UseWhen(context => ${matches(rule)}, branch => branch.UseCors(${quoted(rule.name)}));`,
      ),
      others.length === 0
        ? `app.UseCors(${quoted(first.name)});`
        : `app.UseWhen(context => ${none}, branch => branch.UseCors(${quoted(first.name)}));`,
    ]),
  };
}

const needsRegex = ({ rules }: CorsPolicy): boolean =>
  rules.length > 1 || rules.some(rule => rule.origins.patterns.length > 0);

const using: ConfiguredFile = {
  path: 'Program.using.cs',
  language: 'csharp',
  text: textOf(['// At the top of Program.cs.', 'using System.Text.RegularExpressions;']),
};

const documentation = 'https://learn.microsoft.com/en-us/aspnet/core/security/cors';

export const aspnetCore: Stack = {
  id: 'aspnet-core',
  title: 'ASP.NET Core',
  ecosystem: 'nuget',
  aliases: ['aspnet', 'dotnet'],
  marks: {
    packages: ['Microsoft.AspNetCore.Cors', 'Microsoft.NET.Sdk.Web'],
    headers: [['server', /^Kestrel$/i]],
  },
  docs: documentation,
  configure: policy => ({
    files: [...(needsRegex(policy) ? [using] : []), services(policy), pipeline(policy)],
    notes: withoutPrivateNetwork(policy),
  }),
  gettingStarted: {
    source: documentation,
    files: ({ rules: [rule] }) => [
      {
        path: 'Program.services.cs',
        language: 'csharp',
        text: textOf([
          'builder.Services.AddCors(options =>',
          '{',
          '    options.AddPolicy("_myAllowSpecificOrigins", policy =>',
          '    {',
          `        policy.WithOrigins(${list(rule.origins.exact)});`,
          '    });',
          '});',
        ]),
      },
      {
        path: 'Program.pipeline.cs',
        language: 'csharp',
        text: textOf(['app.UseCors("_myAllowSpecificOrigins");']),
      },
    ],
  },
  notProven:
    'it needs the .NET SDK, which none of the package registries that the gallery installs from carries',
};
