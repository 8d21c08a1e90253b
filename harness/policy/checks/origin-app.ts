import { originCheck } from './origin-check.ts';

/** Origins of extensions and of apps with a built-in browser: everybody can write one. */
const APPS = [
  'chrome-extension://abcdefghijklmnopabcdefghijklmnop',
  'moz-extension://01234567-89ab-cdef-0123-456789abcdef',
  'safari-web-extension://01234567-89AB-CDEF-0123-456789ABCDEF',
  'capacitor://localhost',
  'ionic://localhost',
  'tauri://localhost',
  'app://localhost',
  'file://',
];

export default originCheck({
  kind: 'app',
  must: 'An undeclared extension or app cannot read',
  text: 'the server trusts the scheme of an extension or an app, and everybody can write one.',
  who: origin => `Any extension or app with an origin such as ${origin}`,
  attackers: () =>
    APPS.map(origin => ({ origin, why: 'it trusts an extension or an app that anybody can write' })),
});
