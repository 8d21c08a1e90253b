import { originCheck } from './origin-check.ts';

/** Hosts where anybody can publish a page. */
export const HOSTING: readonly string[] = [
  'https://attacker.github.io',
  'https://codepen.io',
  'https://jsfiddle.net',
  'https://attacker.vercel.app',
  'https://attacker.netlify.app',
  'https://attacker.pages.dev',
  'https://attacker.web.app',
  'https://attacker.herokuapp.com',
];

export default originCheck({
  kind: 'hosting',
  must: 'A page on a host for everybody cannot read',
  text: 'the server trusts a host where anybody can publish a page.',
  who: origin => `Anybody who publishes a page on a host such as ${origin}`,
  attackers: ({ around }) =>
    around.length === 0
      ? []
      : HOSTING.map(origin => ({ origin, why: 'it trusts a host where anybody can publish a page' })),
});
