import { originCheck } from './origin-check.ts';
import { isNamed } from './origin-helpers.ts';

/**
 * Characters that do not belong in a host name but that the URL Standard allows there
 * (URL, forbidden domain code point, lists those that it does not).
 */
const SPECIAL = ['_', '-', '!', '$', '&', "'", '(', ')', '+', ',', ';', '=', '`', '{', '}', '~', '"'];
/** Those that stop the patterns most often seen; enough from the second declared origin on. */
const FEW = ['_', '-', '`'];

export default originCheck({
  kind: 'special',
  must: 'A name with a special character after an allowed one cannot read',
  text: 'a pattern stops at a character that browsers allow in a host name.',
  who: origin => `Any website that uses a special character in its name, such as ${origin},`,
  attackers: ({ around, declared, evil }) =>
    around.filter(isNamed).flatMap(({ origin, scheme, host, port, index }) =>
      (index === 0 && declared.length > 0 ? SPECIAL : FEW).map(character => ({
        origin: `${scheme}://${host}${character}.${evil}${port}`,
        why: `its pattern stops at "${character}", which browsers allow in a host name`,
        from: origin,
      })),
    ),
});
