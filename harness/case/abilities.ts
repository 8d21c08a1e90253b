/**
 * What an engine may lack altogether: a DOM library has few of a browser's interfaces, a browser of another machine may
 * allow one session only. A case that needs one of these is not applicable to an engine without it. Pure.
 */
import type { Api, Case, CaseRequest, Realm, RequestStep } from './schema.ts';
import { realmOf } from './script.ts';

/** What a page may need, each as a reason says it: "jsdom has no fetch()". */
export const ABILITIES = [
  'fetch()',
  'navigator.sendBeacon()',
  'pictures',
  'audio and video',
  'FontFace',
  'EventSource',
  'Worker',
  'SharedWorker',
  'service workers',
  'frames that can be sent a port',
  'module scripts',
  'link rel=preload',
  'a ping',
  'form that posts to a frame',
  'fetchLater()',
  'URL.createObjectURL()',
  'ReadableStream',
  'the Cache API',
  'Resource Timing',
  'Content-Security-Policy',
  'second session',
] as const;
export type Ability = (typeof ABILITIES)[number];

const BY_API: Readonly<Partial<Record<Api, Ability>>> = {
  fetch: 'fetch()',
  beacon: 'navigator.sendBeacon()',
  image: 'pictures',
  audio: 'audio and video',
  track: 'audio and video',
  font: 'FontFace',
  eventsource: 'EventSource',
  module: 'module scripts',
  preload: 'link rel=preload',
  ping: 'a ping',
  form: 'form that posts to a frame',
  worker: 'Worker',
  'module-worker': 'Worker',
  'import-scripts': 'Worker',
  'fetch-later': 'fetchLater()',
};

const BY_REALM: Readonly<Partial<Record<Realm, Ability>>> = {
  worker: 'Worker',
  'blob-worker': 'Worker',
  'data-worker': 'Worker',
  'shared-worker': 'SharedWorker',
  'data-shared-worker': 'SharedWorker',
  'service-worker': 'service workers',
  'controlled-frame': 'service workers',
};

function ofRequest(request: CaseRequest): (Ability | undefined)[] {
  const { api = 'fetch', body, reads, objectOf, url } = request;
  return [
    BY_API[api],
    objectOf !== undefined || url === 'blob:page' ? 'URL.createObjectURL()' : undefined,
    typeof body === 'object' && 'stream' in body ? 'ReadableStream' : undefined,
    reads === 'cache-api' ? 'the Cache API' : undefined,
    reads === 'timing' ? 'Resource Timing' : undefined,
  ];
}

function ofStep(step: RequestStep, realm: Realm): (Ability | undefined)[] {
  const framed = step.frame !== undefined || realm.endsWith('-frame');
  return [BY_REALM[realm], framed ? 'frames that can be sent a port' : undefined, ...ofRequest(step.request)];
}

/** @returns what the page of a case needs, each once */
export function abilitiesOf(theCase: Case): Ability[] {
  const needed = theCase.steps.flatMap(step => ('wait' in step ? [] : ofStep(step, realmOf(theCase, step))));
  if (theCase.fresh) needed.push('second session');
  if (theCase.csp !== undefined) needed.push('Content-Security-Policy');
  return [...new Set(needed.filter(one => one !== undefined))];
}
