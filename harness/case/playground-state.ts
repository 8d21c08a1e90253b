/**
 * What the playground shows, as data: requests of a page, each with the answers that servers give. It travels in the
 * page's own URL, so that a link shows the same to somebody else. Pure.
 */

/** An answer of a server, as the form holds it. */
export interface PlaygroundAnswer {
  readonly role: 'preflight' | 'actual';
  /** Empty: the URL of the request. Another one answers what a redirect leads to. */
  readonly url: string;
  readonly status: string;
  /** Header lines, one a line. */
  readonly headers: string;
  readonly body: string;
  /** `failure`: the connection ends without an answer. `hang`: nothing ever comes. */
  readonly fault: '' | 'failure' | 'hang';
}

/** One request, as the form holds it: everything is the text that was typed. */
export interface PlaygroundStep {
  /** Seconds that pass before it. */
  readonly wait: string;
  readonly page: string;
  readonly api: string;
  readonly url: string;
  readonly method: string;
  readonly headers: string;
  readonly body: string;
  readonly credentials: string;
  readonly mode: string;
  readonly redirect: string;
  readonly answers: readonly PlaygroundAnswer[];
}

export interface PlaygroundState {
  readonly steps: readonly PlaygroundStep[];
}

export const ANSWER: PlaygroundAnswer = {
  role: 'actual',
  url: '',
  status: '200',
  headers: '',
  body: '',
  fault: '',
};

export const STEP: PlaygroundStep = {
  wait: '0',
  page: 'https://app.example',
  api: 'fetch',
  url: 'https://api.example/items',
  method: 'GET',
  headers: '',
  body: '',
  credentials: 'same-origin',
  mode: 'cors',
  redirect: 'follow',
  answers: [],
};

/** What a visitor finds first: a preflight that forgets a header. */
export const EXAMPLE: PlaygroundState = {
  steps: [
    {
      ...STEP,
      method: 'PUT',
      headers: 'Content-Type: application/json\nX-Request-Id: 1',
      body: '{}',
      answers: [
        {
          ...ANSWER,
          role: 'preflight',
          status: '204',
          headers:
            'Access-Control-Allow-Origin: https://app.example\nAccess-Control-Allow-Methods: PUT\nAccess-Control-Allow-Headers: Content-Type',
        },
        { ...ANSWER, headers: 'Access-Control-Allow-Origin: https://app.example\nVary: Origin' },
      ],
    },
  ],
};

/** @returns the state as the fragment of a URL; fields that have their default value are left out */
export function toFragment(state: PlaygroundState): string {
  const steps = state.steps.map(step => ({
    ...changed(step, STEP),
    answers: step.answers.map(answer => changed(answer, ANSWER)),
  }));
  return `s=${base64url(JSON.stringify(steps))}`;
}

/** @returns the state of a fragment; null for anything that is not one, however it is broken */
export function fromFragment(fragment: string): PlaygroundState | null {
  const text = /^#?s=([\w-]+)$/.exec(fragment)?.[1];
  if (text === undefined) return null;
  try {
    const steps: unknown = JSON.parse(fromBase64url(text));
    if (!Array.isArray(steps) || steps.length === 0 || steps.length > 50) return null;
    return { steps: steps.map(stepOf) };
  } catch {
    return null;
  }
}

function stepOf(value: unknown): PlaygroundStep {
  const { answers = [] } = value as { answers?: unknown[] };
  return { ...known(STEP, value), answers: answers.slice(0, 50).map(answer => known(ANSWER, answer)) };
}

/** The fields of `defaults`, with the texts that the value has for them: nothing else of it is taken. */
function known<T extends object>(defaults: T, value: unknown): T {
  const given = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(defaults).map(([name, own]) => [
      name,
      Object.hasOwn(given, name) && typeof given[name] === 'string' ? given[name] : own,
    ]),
  ) as T;
}

const changed = <T extends object>(value: T, defaults: T): Partial<T> =>
  Object.fromEntries(
    Object.entries(value).filter(([name, own]) => own !== defaults[name as keyof T]),
  ) as Partial<T>;

function base64url(text: string): string {
  const bytes = new TextEncoder().encode(text);
  const binary = Array.from(bytes, byte => String.fromCharCode(byte)).join('');
  return btoa(binary).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

function fromBase64url(text: string): string {
  const binary = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
  return new TextDecoder().decode(Uint8Array.from(binary, char => char.charCodeAt(0)));
}
