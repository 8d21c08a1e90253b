/** Fetch, 2.9 Port blocking, and the Mixed Content check that stands beside it in main fetch. */
import { isPotentiallyTrustworthy } from './origin.ts';
import type { Client } from './types.ts';

const BAD_PORTS = new Set([
  0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104,
  109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515,
  526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049,
  3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
]);

/** Fetch, "block bad port". */
export function isBadPort(url: URL): boolean {
  return (
    (url.protocol === 'http:' || url.protocol === 'https:') &&
    url.port !== '' &&
    BAD_PORTS.has(Number(url.port))
  );
}

/**
 * Mixed Content, "should fetching request be blocked": a page of an https origin, or a frame in one, may not ask for a
 * URL that is not potentially trustworthy. (Loopback hosts are.)
 */
export function isMixedContent({ origin, topLevelOrigin, global }: Client, url: URL): boolean {
  const framed = global !== 'worker' && topLevelOrigin?.startsWith('https:') === true;
  const prohibits = framed || origin.startsWith('https:');
  return prohibits && url.protocol !== 'blob:' && !isPotentiallyTrustworthy(url);
}
