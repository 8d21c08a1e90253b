/**
 * Names of engines. An engine is an instance: a family by itself ("chromium": what this machine has of it), a release
 * ("chromium@123"), a program ("chromium=/path/to/chrome"), or a channel of a vendor ("chrome-beta"). Pure.
 */

/** The engines that `run` and `verify` ask unless others are named. */
export const BROWSER_FAMILIES = ['chromium', 'firefox', 'webkit'] as const;
export type BrowserFamily = (typeof BROWSER_FAMILIES)[number];

/** Libraries that imitate a browser inside Node; front-end tests run in them. They run where they are named. */
export const DOM_FAMILIES = ['jsdom', 'happy-dom'] as const;
export type DomFamily = (typeof DOM_FAMILIES)[number];

/** All families; the model is the Standard's own user agent. */
export const ENGINE_FAMILIES = [...BROWSER_FAMILIES, ...DOM_FAMILIES, 'model'] as const;
export type EngineFamily = (typeof ENGINE_FAMILIES)[number];

/** Channels of vendors that are looked for on this machine, with how they write themselves. */
export const CHANNELS = {
  chrome: 'Chrome',
  'chrome-beta': 'Chrome Beta',
  'chrome-dev': 'Chrome Dev',
  msedge: 'Edge',
  'msedge-beta': 'Edge Beta',
  brave: 'Brave',
} as const;
export type ChannelName = keyof typeof CHANNELS;

const TITLES: Readonly<Record<EngineFamily, string>> = {
  chromium: 'Chromium',
  firefox: 'Firefox',
  webkit: 'WebKit',
  jsdom: 'jsdom',
  'happy-dom': 'happy-dom',
  model: 'Model',
};

/** A name taken apart. */
export interface EngineInstance {
  /** As it was written; it names the engine in every record. */
  readonly name: string;
  readonly family: EngineFamily;
  readonly release?: string;
  readonly path?: string;
  readonly channel?: ChannelName;
}

const OTHER_NAMES = 'a program (chromium=/path, firefox=/path), a channel (chrome, chrome-beta, msedge)';

/** How names are written, for messages and help. */
export const ENGINE_NAME_HELP = `chromium, firefox, webkit, jsdom, happy-dom, model, a release (chromium@123, jsdom@26), ${OTHER_NAMES}`;

/** The same where traffic goes through a proxy, which DOM libraries take none of. */
export const PROXIED_ENGINE_HELP = `chromium, firefox, webkit, model, a release (chromium@123), ${OTHER_NAMES}`;

/** @returns the parts of a name; null for a text that names no engine */
export function parseEngineName(name: string): EngineInstance | null {
  if (Object.hasOwn(CHANNELS, name)) return { name, family: 'chromium', channel: name as ChannelName };
  const [, family = '', mark, rest = ''] = /^([a-z]+(?:-[a-z]+)*)(?:([@=])(.+))?$/s.exec(name) ?? [];
  if (!isFamily(family)) return null;
  if (mark === undefined) return { name, family };
  if (mark === '@')
    return hasReleases(family) && /^\d+(?:\.\d+){0,3}$/.test(rest) ? { name, family, release: rest } : null;
  return family === 'chromium' || family === 'firefox' ? { name, family, path: rest } : null;
}

/** True for a DOM library. */
export const isDomFamily = (family: string): family is DomFamily =>
  (DOM_FAMILIES as readonly string[]).includes(family);

const hasReleases = (family: EngineFamily): boolean => family === 'chromium' || isDomFamily(family);

const isFamily = (text: string): text is EngineFamily =>
  (ENGINE_FAMILIES as readonly string[]).includes(text);

/** The family of an engine. Names that nothing is known of count as the model's: they come from foreign files. */
export const familyOf = (name: string): EngineFamily => parseEngineName(name)?.family ?? 'model';

/** As people write it: "Chromium 123", "Chromium (chrome)", "Chrome Beta". */
export function engineTitle(name: string): string {
  const instance = parseEngineName(name);
  if (!instance) return name;
  const { family, release, path, channel } = instance;
  if (channel) return CHANNELS[channel];
  if (release) return `${TITLES[family]} ${release}`;
  return path ? `${TITLES[family]} (${path.replace(/^.*[\\/]/, '')})` : TITLES[family];
}

/** Orders names: by family, then the plain name, then releases by number, then the others by letter. */
export function compareEngines(a: string, b: string): number {
  const rank = (name: string) => ENGINE_FAMILIES.indexOf(familyOf(name));
  const number = (name: string) => {
    const release = parseEngineName(name)?.release;
    return release === undefined ? -1 : Number.parseFloat(release);
  };
  return rank(a) - rank(b) || number(a) - number(b) || Number(a > b) - Number(a < b);
}
