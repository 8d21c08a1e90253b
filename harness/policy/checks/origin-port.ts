import { originCheck } from './origin-check.ts';

export default originCheck({
  kind: 'port',
  must: 'An allowed name with another port cannot read',
  text: 'the server does not compare the port.',
  who: origin => `Whatever runs on another port, such as ${origin},`,
  attackers: ({ around }) =>
    around.flatMap(({ origin, scheme, host, port }) =>
      [port === ':8443' ? ':9443' : ':8443', ...(port === '' ? [] : [''])].map(other => ({
        origin: `${scheme}://${host}${other}`,
        why: 'it does not compare the port',
        from: origin,
      })),
    ),
});
