/** SvelteKit: a `handle` hook, since it has no CORS layer. */
import { textOf } from './print.ts';
import { corsHeadersFunction, FETCH_REQUEST } from './print-cors-headers.ts';
import type { Stack } from './types.ts';

export const sveltekit: Stack = {
  id: 'sveltekit',
  title: 'SvelteKit',
  ecosystem: 'npm',
  aliases: ['svelte-kit', 'svelte'],
  marks: { packages: ['@sveltejs/kit'], on: ['vite'], headers: [['x-sveltekit-page', /./]] },
  onlyWhole: true,
  docs: 'https://svelte.dev/docs/kit/hooks#Server-hooks-handle',
  configure: policy => ({
    files: [
      {
        path: 'src/hooks.server.js',
        language: 'js',
        text: textOf([
          ...corsHeadersFunction(policy, FETCH_REQUEST),
          '',
          '// With other hooks: sequence(cors, authentication), this one first.',
          'export async function handle({ event, resolve }) {',
          '  const { request } = event;',
          '  const headers = corsHeaders(request);',
          '  if (isPreflight(request)) return new Response(null, { status: 204, headers });',
          '  const response = await resolve(event);',
          '  for (const [name, value] of Object.entries(headers)) response.headers.append(name, value);',
          '  // The 304 that SvelteKit would make of this answer loses its headers.',
          "  const etag = response.headers.get('ETag');",
          "  const held = request.headers.get('If-None-Match');",
          "  if (response.status !== 200 || etag === null || held?.replace(/^W\\//, '') !== etag.replace(/^W\\//, ''))",
          '    return response;',
          '  return new Response(null, { status: 304, headers: response.headers });',
          '}',
        ]),
      },
    ],
    notes: [
      {
        text: 'Its protection against forged forms refuses a POST, PUT, PATCH or DELETE of a form from another origin with 403, whatever CORS says; JSON is not concerned.',
        workaround:
          'Name these origins in kit.csrf.trustedOrigins in your Vite configuration (svelte.config.js before SvelteKit 3).',
      },
    ],
  }),
  gettingStarted: {
    // Its documentation says nothing of CORS: what it begins with has none.
    source: 'https://svelte.dev/docs/kit/creating-a-project',
    files: () => [],
  },
};
