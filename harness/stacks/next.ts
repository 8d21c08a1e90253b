/** Next.js: its own `headers()` cannot choose by origin or answer a preflight, so this is a proxy function. */
import { textOf } from './print.ts';
import { corsHeadersFunction, FETCH_REQUEST } from './print-cors-headers.ts';
import type { Stack } from './types.ts';

export const next: Stack = {
  id: 'next',
  title: 'Next.js',
  ecosystem: 'npm',
  aliases: ['nextjs', 'next.js'],
  marks: { packages: ['next'], headers: [['x-powered-by', /^Next\.js$/i]] },
  onlyWhole: true,
  docs: 'https://nextjs.org/docs/app/api-reference/file-conventions/proxy#cors',
  configure: policy => ({
    files: [
      {
        path: 'proxy.js',
        language: 'js',
        text: textOf([
          "import { NextResponse } from 'next/server';",
          '',
          ...corsHeadersFunction(policy, FETCH_REQUEST),
          '',
          '// In front of every route, without a matcher: errors and unknown paths carry the headers too. Up to Next.js 15 the',
          '// file is middleware.js, and the function is named middleware.',
          'export function proxy(request) {',
          '  const headers = corsHeaders(request);',
          '  if (isPreflight(request)) return new NextResponse(null, { status: 204, headers });',
          '  const response = NextResponse.next();',
          '  for (const [name, value] of Object.entries(headers)) response.headers.append(name, value);',
          '  return response;',
          '}',
        ]),
      },
    ],
    notes: [],
  }),
  gettingStarted: {
    source: 'https://nextjs.org/docs/app/api-reference/file-conventions/route#cors',
    files: () => [
      {
        path: 'app/items/route.js',
        language: 'js',
        text: textOf([
          'export async function GET(request) {',
          "  return new Response('Hello, Next.js!', {",
          '    status: 200,',
          '    headers: {',
          "      'Access-Control-Allow-Origin': '*',",
          "      'Access-Control-Allow-Methods': 'GET, POST, PUT, DELETE, OPTIONS',",
          "      'Access-Control-Allow-Headers': 'Content-Type, Authorization',",
          '    },',
          '  });',
          '}',
        ]),
      },
    ],
  },
};
