/** Headers that are not on the safelist, though some once were or seem as if they should be. */
import { defineSuite } from '../harness/case/define.ts';
import { withXhr } from './api-helpers.ts';
import { asksFirst } from './safelist-helpers.ts';
import { shownValue } from './title-helpers.ts';

/** Each header alone on a GET; the variant is the header's name where a row is about several. */
const LONERS: [row: string, name: string, value: string][] = [
  ['client-hints-not-safelisted', 'Save-Data', 'on'],
  ['client-hints-not-safelisted', 'DPR', '1.0'],
  ['client-hints-not-safelisted', 'Width', '100'],
  ['client-hints-not-safelisted', 'Viewport-Width', '100'],
  ['client-hints-not-safelisted', 'Device-Memory', '0.5'],
  ['client-hints-not-safelisted', 'Downlink', '1.7'],
  ['client-hints-not-safelisted', 'RTT', '250'],
  ['client-hints-not-safelisted', 'ECT', '4g'],
  ['intervention-header', 'Intervention', 'x'],
  ['user-agent-author-set', 'User-Agent', 'zz'],
  ['last-event-id', 'Last-Event-ID', '1'],
  ['cache-control-pragma', 'Cache-Control', 'no-cache'],
  ['cache-control-pragma', 'Pragma', 'no-cache'],
  ['conditional-headers', 'If-None-Match', '"a"'],
  ['conditional-headers', 'If-Modified-Since', 'Sun, 06 Nov 1994 08:49:37 GMT'],
  ['conditional-headers', 'If-Match', '"a"'],
  ['conditional-headers', 'If-Unmodified-Since', 'Sun, 06 Nov 1994 08:49:37 GMT'],
  ['conditional-headers', 'If-Range', '"a"'],
  ['misc-custom-headers', 'X-Requested-With', 'XMLHttpRequest'],
  ['misc-custom-headers', 'Priority', 'u=1'],
  ['misc-custom-headers', 'Set-Cookie2', 'a=b'],
  ['misc-custom-headers', 'Sec', '1'],
  ['misc-custom-headers', 'Proxy', '1'],
  ['misc-custom-headers', 'Purpose', 'prefetch'],
  ['misc-custom-headers', 'Upgrade-Insecure-Requests', '1'],
  ['misc-custom-headers', 'Last-Modified', 'Sun, 06 Nov 1994 08:49:37 GMT'],
  ['empty-valued-header', 'X-A', ''],
];

const shared = new Set(LONERS.map(([row]) => row).filter((row, i, all) => all.indexOf(row) !== i));

export const unsafeHeaders = defineSuite({
  id: 'unsafe-headers',
  title: 'Request headers that are not safelisted',
  about:
    'A header that is not safelisted needs a preflight that lists it, and then arrives as script set it.',
  cases: LONERS.flatMap(([row, name, value], i) => {
    const alone = asksFirst({
      id: shared.has(row) ? `${row}/${name.toLowerCase()}` : row,
      title: `${name}: ${shownValue(value)} needs a preflight`,
      request: { headers: [[name, value]] },
      names: name.toLowerCase(),
      ...(row === 'client-hints-not-safelisted' && {
        because:
          'The Standard does not safelist client hints. A tentative web platform test expects that it does.',
      }),
    });
    return LONERS[i - 1]?.[0] === row ? [alone] : withXhr(alone);
  }),
});
