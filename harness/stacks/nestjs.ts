/** NestJS: `enableCors` takes the options of its adapter's middleware. */
import type { CorsPolicy } from './cors-policy.ts';
import { withoutPrivateNetwork } from './notes.ts';
import { textOf } from './print.ts';
import { CORS_DIALECT, optionConstants, pickByPath } from './print-js.ts';
import type { Configuration, GettingStarted } from './types.ts';

/** @param path an expression for the path of a request */
export function nestConfiguration(policy: CorsPolicy, path: string, methodsReason: string): Configuration {
  const several = policy.rules.length > 1;
  const argument = several
    ? `(request, done) => done(null, ${pickByPath(policy, path)})`
    : policy.rules[0].name;
  return {
    files: [
      {
        path: 'main.mjs',
        language: 'js',
        text: textOf([
          ...optionConstants(policy, { ...CORS_DIALECT, methodsReason }),
          '',
          '// For the whole app, before app.listen(): a preflight then never comes to a guard.',
          `app.enableCors(${argument});`,
        ]),
      },
    ],
    notes: withoutPrivateNetwork(policy),
  };
}

export const NEST_DOCS = 'https://docs.nestjs.com/security/cors';

export const NEST_GETTING_STARTED: GettingStarted = {
  source: `${NEST_DOCS}#getting-started`,
  files: () => [{ path: 'main.mjs', language: 'js', text: textOf(['app.enableCors();']) }],
};
