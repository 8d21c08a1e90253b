import { CHECK_LINKS } from '../attempts.ts';
import { failureCheck } from './failure-check.ts';
import { namedOrigin } from './origin-line.ts';

/** A value that some layer should have replaced: `%0`, `$http_origin`, `{http.request.header.Origin}`, `#{origin}`. */
const PLACEHOLDER = /^[%$#]|[{}]/;

export default failureCheck({
  id: 'origin-misspelt',
  must: 'Access-Control-Allow-Origin is spelt as browsers spell origins',
  text: 'Access-Control-Allow-Origin is not spelt as browsers spell the origin, and they compare it byte by byte.',
  spec: CHECK_LINKS.check,
  fixes: 'origins',
  send: values =>
    `Send ${namedOrigin(values)}, as the request spells its Origin: lower case, no path, no slash at the end, no comma after it. Keep "Vary: Origin".`,
  because: 'Access-Control-Allow-Origin is not spelt as browsers spell origins',
  claims: ({ reason }) => {
    if (reason?.id !== 'origin-misspelt') return null;
    const { value, at, how } = reason;
    const detail = `"${value}"${at === 'preflight' ? ' on the preflight' : ''}: ${how}.`;
    if (!PLACEHOLDER.test(value)) return { detail };
    return {
      detail,
      why: `"${value}" looks like a placeholder that the server sends as it stands`,
      send: values =>
        `Have the server put the request's Origin in the place of "${value}": ${namedOrigin(values)}, and keep "Vary: Origin".`,
    };
  },
});
