/** What the window of a DOM library has, found out by looking at it. */
import { ABILITIES, type Ability } from '../case/abilities.ts';

/** As much of a window as is looked at. */
interface Looked {
  readonly document: {
    createElement(name: string): {
      getContext?(kind: string): unknown;
      canPlayType?(type: string): string;
      relList?: { supports?(token: string): boolean };
    };
  };
  readonly navigator: Readonly<Record<string, unknown>>;
  readonly URL?: { readonly createObjectURL?: unknown };
  readonly PerformanceObserver?: { readonly supportedEntryTypes?: readonly string[] };
  readonly HTMLScriptElement?: { supports?(type: string): boolean };
  readonly [name: string]: unknown;
}

const isFunction = (value: unknown): boolean => typeof value === 'function';

/** How each can be told. What no window tells of itself is taken as absent: the cases would only time out. */
const LOOKS: Readonly<Record<Ability, (window: Looked) => boolean>> = {
  'fetch()': window => isFunction(window.fetch),
  'navigator.sendBeacon()': window => isFunction(window.navigator.sendBeacon),
  // Without a canvas neither library loads any picture.
  pictures: ({ document }) => Boolean(document.createElement('canvas').getContext?.('2d')),
  'audio and video': ({ document }) => Boolean(document.createElement('audio').canPlayType?.('audio/wav')),
  FontFace: window => isFunction(window.FontFace),
  EventSource: window => isFunction(window.EventSource),
  Worker: window => isFunction(window.Worker),
  SharedWorker: window => isFunction(window.SharedWorker),
  'service workers': window => Boolean(window.navigator.serviceWorker),
  'frames that can be sent a port': window => isFunction(window.MessageChannel),
  'module scripts': window => window.HTMLScriptElement?.supports?.('module') === true,
  'link rel=preload': ({ document }) =>
    document.createElement('link').relList?.supports?.('preload') === true,
  'a ping': ({ document }) => 'ping' in document.createElement('a'),
  // jsdom submits no form, and happy-dom has it replace the page itself.
  'form that posts to a frame': () => false,
  'fetchLater()': window => isFunction(window.fetchLater),
  'URL.createObjectURL()': window => isFunction(window.URL?.createObjectURL),
  ReadableStream: window => isFunction(window.ReadableStream),
  'the Cache API': window => Boolean(window.caches),
  'Resource Timing': window => window.PerformanceObserver?.supportedEntryTypes?.includes('resource') === true,
  'Content-Security-Policy': window => isFunction(window.SecurityPolicyViolationEvent),
  'second session': () => true,
};

/** @returns what a window lacks; a look that fails has found nothing */
export function lacksOf(window: object): Ability[] {
  return ABILITIES.filter(ability => {
    try {
      return !LOOKS[ability](window as Looked);
    } catch {
      return true;
    }
  });
}
