/**
 * The process of a DOM library (jsdom, happy-dom): it opens pages of the library's own on order. Started with the name of
 * the library and the folder that it is installed in; orders and answers are lines of JSON on file descriptor 3.
 */
import { createRequire } from 'node:module';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { DomAnswer, DomOrder, DomReady } from './dom-protocol.ts';
import { lacksOf } from './dom-window.ts';

interface OpenPage {
  close(): Promise<void>;
}

interface Library {
  /** Opens a page whose scripts run; a context is where pages share cookies. Resolves once it has been asked for. */
  open(url: string, context: number): Promise<OpenPage>;
  leave(context: number): Promise<void>;
  /** A window without a page, for a look at what it has. */
  window(): object;
}

const [name = '', folder = ''] = process.argv.slice(2);
const load = createRequire(join(folder, 'package.json'));
const { version } = load(`${name}/package.json`) as { version: string };
const library = name === 'jsdom' ? ofJsdom(load('jsdom')) : ofHappyDom(load('happy-dom'));

interface Jsdom {
  readonly JSDOM: {
    new (html: string, options: object): { readonly window: object };
    fromURL(url: string, options: object): Promise<{ readonly window: { close(): void } }>;
  };
  readonly CookieJar: new () => object;
  readonly VirtualConsole: new () => object;
}

function ofJsdom({ JSDOM, CookieJar, VirtualConsole }: Jsdom): Library {
  const jars = new Map<number, object>();
  return {
    async open(url, context) {
      const cookieJar = jars.get(context) ?? new CookieJar();
      jars.set(context, cookieJar);
      const { window } = await JSDOM.fromURL(url, {
        runScripts: 'dangerously',
        resources: 'usable',
        cookieJar,
        // A console that prints nothing.
        virtualConsole: new VirtualConsole(),
      });
      return { close: async () => window.close() };
    },
    leave: async context => void jars.delete(context),
    window: () => new JSDOM('', { url: 'http://localhost/', runScripts: 'outside-only' }).window,
  };
}

interface HappyContext {
  newPage(): { goto(url: string): Promise<unknown>; close(): Promise<void> };
  close(): Promise<void>;
}

interface HappyDom {
  readonly Browser: new (options: object) => { newIncognitoContext(): HappyContext };
  readonly Window: new (options: object) => object;
}

function ofHappyDom({ Browser, Window }: HappyDom): Library {
  const browser = new Browser({
    settings: {
      enableJavaScriptEvaluation: true,
      suppressInsecureJavaScriptEnvironmentWarning: true,
      suppressCodeGenerationFromStringsWarning: true,
      enableIframePageLoading: true,
      enableCSSFileLoading: true,
      fetch: { disableStrictSSL: true },
    },
  });
  const contexts = new Map<number, HappyContext>();
  return {
    async open(url, id) {
      const context = contexts.get(id) ?? browser.newIncognitoContext();
      contexts.set(id, context);
      const page = context.newPage();
      await page.goto(url);
      return { close: () => page.close() };
    },
    async leave(id) {
      await contexts.get(id)?.close();
      contexts.delete(id);
    },
    window: () => new Window({ url: 'http://localhost/' }),
  };
}

const pages = new Map<number, Promise<OpenPage>>();

async function obey(order: DomOrder): Promise<void> {
  switch (order.do) {
    case 'open': {
      const opening = library.open(order.url, order.context);
      pages.set(order.id, opening);
      await opening;
      return;
    }
    case 'close': {
      const opening = pages.get(order.page);
      pages.delete(order.page);
      return (await opening)?.close();
    }
    case 'leave':
      return library.leave(order.context);
  }
}

const channel = new Socket({ fd: 3, readable: true, writable: true });
const answer = (message: DomAnswer | DomReady) => channel.write(`${JSON.stringify(message)}\n`);

createInterface({ input: channel }).on('line', line => {
  const order = JSON.parse(line) as DomOrder;
  obey(order).then(
    () => answer({ id: order.id }),
    error => answer({ id: order.id, error: String(error) }),
  );
});
channel.on('end', () => process.exit());
// A page's mistakes are the page's own, as in a browser.
process.on('uncaughtException', () => undefined);
process.on('unhandledRejection', () => undefined);
answer({ version, lacks: lacksOf(library.window()) });
