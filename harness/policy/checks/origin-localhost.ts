import { isLoopbackHost } from '../../standard/origin.ts';
import { originCheck } from './origin-check.ts';

/** The ports are those of development servers: a list that names one of them is the most common leftover. */
const LOCAL = [
  'http://localhost',
  'http://localhost:3000',
  'http://localhost:4200',
  'http://localhost:5173',
  'http://localhost:8080',
  'http://127.0.0.1:3000',
  'http://[::1]:3000',
];

const isLocalPage = (origin: string): boolean => isLoopbackHost(new URL(origin).hostname);

export default originCheck({
  kind: 'localhost',
  must: "A page on the visitor's own machine, or that poses as one, cannot read",
  text: "the server trusts pages served from the visitor's own machine, or that pose as one.",
  who: origin => `A page on the visitor's own machine, or posing as one, such as ${origin},`,
  // A local page on another port is a local page: the target's own host, too, is this machine in a test.
  covers: (other, self) => other.kind === 'port' && isLocalPage(other.origin) && isLocalPage(self.origin),
  attackers: ({ around, evil }) => [
    ...around
      .filter(({ host }) => isLoopbackHost(host) && !host.startsWith('['))
      .map(({ origin, scheme, host, port }) => ({
        origin: `${scheme}://${host}.${evil}${port}`,
        why: `it takes any name that begins with ${host} for this machine`,
        from: origin,
      })),
    ...LOCAL.map(origin => ({
      origin,
      why: "it trusts pages served from the visitor's own machine, as left over from development",
    })),
  ],
});
