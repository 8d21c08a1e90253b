import { CHECK_LINKS } from '../attempts.ts';
import { failureCheck } from './failure-check.ts';

export default failureCheck({
  id: 'preflight-without-headers',
  must: 'A preflight without Access-Control-Request-Headers is recognised',
  text: 'A preflight is only recognised if it asks for headers. A request with a method that needs a preflight, but without such headers, is refused.',
  spec: CHECK_LINKS.preflight,
  fixes: 'preflight',
  because: 'a preflight without Access-Control-Request-Headers is refused',
  needsPreflight: true,
  relevant: {
    in: ({ about }) => about.headers.length === 0,
    else: 'no declared method needs a preflight without request headers',
  },
  claims: ({ reason, refused }) => {
    if (refused !== 'bare') return null;
    if (reason?.id === 'status' && reason.status < 500)
      return {
        detail: `It is answered with ${reason.status}; with Access-Control-Request-Headers it passes.`,
      };
    return reason?.id === 'origin-missing'
      ? { detail: 'It is answered without CORS headers; with Access-Control-Request-Headers it passes.' }
      : null;
  },
});
