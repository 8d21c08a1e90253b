import { originCheck } from './origin-check.ts';

/**
 * Addresses that only the visitor's own network routes (RFC 1918), each kind with a port and without, as patterns are
 * written for one or the other; and a name that such a network gives (RFC 6762).
 */
const PRIVATE = [
  'http://192.168.0.1',
  'http://192.168.1.10:3000',
  'https://192.168.0.1',
  'http://10.0.0.1',
  'http://10.0.0.2:3000',
  'http://172.16.0.1',
  'http://172.16.0.2:3000',
  'http://device.local',
];

export default originCheck({
  kind: 'private',
  must: "A page on the visitor's own network, or that poses as one, cannot read",
  text: "the server trusts pages served from addresses of the visitor's own network, or that pose as one.",
  who: origin => `A page on the visitor's own network, or posing as one, such as ${origin},`,
  attackers: ({ evil }) => [
    ...PRIVATE.map(origin => ({
      origin,
      why: 'it trusts addresses of private networks, as left over from development: a router or a printer has one too',
    })),
    ...['http://192.168.0.1', 'http://10.0.0.1'].map(from => ({
      origin: `${from}.${evil}`,
      why: 'it takes any name that begins like a private address for one',
      from,
    })),
  ],
});
