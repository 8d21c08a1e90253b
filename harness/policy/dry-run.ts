/** Everything that a run would send, as text, before it is sent. */
import type { Derived } from './derived.ts';
import { SAFE_METHODS } from './names.ts';

const withHeaders = (headers: readonly (readonly [string, string])[]): string =>
  headers.length === 0 ? '' : ` with ${headers.map(([name]) => name).join(', ')}`;

/**
 * One line per request that a page or Node makes, in order; preflights follow from them and are not listed. What
 * may change data is marked.
 */
export function dryRun({ cases, probes, left }: Derived): string[] {
  const lines: string[] = [];
  let changing = 0;
  for (const one of cases) {
    lines.push(`${one.case.id}: ${one.case.title}`);
    for (const step of one.case.steps) {
      if ('wait' in step) {
        lines.push(`    wait ${step.wait / 1000} s`);
        continue;
      }
      const { method = 'GET', url, headers = [], credentials, mode } = step.request;
      const changes = !SAFE_METHODS.includes(method);
      if (changes) changing += 1;
      const origin = one.about.origin === 'null' ? 'a sandboxed frame' : (step.page ?? one.case.page);
      lines.push(
        `    ${changes ? '! ' : ''}${method} ${url} from ${origin}${credentials === 'include' ? ', credentials' : ''}${mode ? `, ${mode}` : ''}${withHeaders(headers)}`,
      );
    }
  }
  for (const { id, about, request } of probes) {
    lines.push(`${id}: ${about.checks}`);
    const asks = request.headers.find(([name]) => name === 'Access-Control-Request-Method')?.[1];
    lines.push(
      `    ${request.method} ${request.url}${asks ? ` (asks for ${asks}; no such request follows)` : ''}${about.origin ? `, Origin: ${about.origin}` : ', no Origin'}, sent by Node`,
    );
  }
  if (left.length > 0)
    lines.push(
      `Not tried, because no page can have such an origin: ${left.map(one => one.origin).join(' · ')}`,
    );
  lines.push(
    changing === 0
      ? 'Nothing here may change data.'
      : `${changing} requests, marked "!", use declared methods that may change data.`,
  );
  return lines;
}
