/** The form of one request and its answers. It is built anew only if its shape changes, so that typing keeps its place. */
import { h } from '../../../reports/html/client/dom.ts';
import { ANSWER, type PlaygroundAnswer, type PlaygroundStep } from '../../case/playground-state.ts';

/** What the form tells: a changed field, or a change of its shape. */
export interface FormEvents {
  /** Text was typed or chosen. */
  changed(step: PlaygroundStep): void;
  /** Answers came or went. */
  reshaped(step: PlaygroundStep): void;
}

let lastId = 0;

interface Field {
  readonly label: string;
  readonly value: string;
  /** Choices make it a select; `rows` makes it a text area. */
  readonly choices?: readonly string[];
  readonly rows?: number;
  readonly type?: string;
  readonly hint?: string;
  set(value: string): void;
}

function field({ label, value, choices, rows, type = 'text', hint, set }: Field): HTMLElement {
  const id = `field-${++lastId}`;
  const listen = { input: (event: Event) => set((event.target as HTMLInputElement).value) };
  const common = { id, spellcheck: 'false', autocapitalize: 'off', autocomplete: 'off', ...listen };
  const input = choices
    ? h('select', { id, ...listen }, ...choices.map(choice => option(choice, choice === value)))
    : rows === undefined
      ? h('input', { ...common, type, inputmode: type === 'url' ? 'url' : null })
      : h('textarea', { ...common, rows: String(rows), placeholder: hint ?? '' });
  if (!choices) (input as HTMLInputElement).value = value;
  return h('div.field', null, h('label', { for: id }, label), input);
}

const option = (value: string, selected: boolean): HTMLElement =>
  h('option', { value, selected }, value === '' ? 'an answer' : value);

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'patch'];

/** @param first whether no request stands before it: then nothing is waited for */
export function stepForm(step: PlaygroundStep, first: boolean, events: FormEvents): HTMLElement {
  let current = step;
  const update = (part: Partial<PlaygroundStep>) => {
    current = { ...current, ...part };
    events.changed(current);
  };
  const text = (name: Exclude<keyof PlaygroundStep, 'answers'>, label: string, more: Partial<Field> = {}) =>
    field({ label, value: step[name], set: value => update({ [name]: value }), ...more });
  const request = h(
    'fieldset.request',
    null,
    h('legend', null, 'The request'),
    ...(first ? [] : [text('wait', 'Seconds since the request before', { type: 'number' })]),
    text('page', 'Page (its origin)', { type: 'url' }),
    text('url', 'URL', { type: 'url' }),
    h(
      'div.row',
      null,
      text('method', 'Method', { choices: [...new Set([step.method, ...METHODS])] }),
      text('credentials', 'Credentials', { choices: ['omit', 'same-origin', 'include'] }),
      text('api', 'API', { choices: ['fetch', 'xhr'] }),
      text('mode', 'Mode', { choices: ['cors', 'no-cors', 'same-origin'] }),
      text('redirect', 'Redirect', { choices: ['follow', 'error', 'manual'] }),
    ),
    text('headers', 'Headers that script sets, one a line', {
      rows: 3,
      hint: 'Content-Type: application/json',
    }),
    text('body', 'Body', { rows: 2 }),
  );
  const answers = h('div.answers', null, ...step.answers.map((_, index) => answerForm(index)), addAnswers());
  return h('form.step', { submit: event => event.preventDefault() }, request, answers);

  function answerForm(index: number): HTMLElement {
    const answer = step.answers[index] as PlaygroundAnswer;
    const set = (part: Partial<PlaygroundAnswer>) =>
      update({ answers: current.answers.map((own, at) => (at === index ? { ...own, ...part } : own)) });
    const remove = h(
      'button.quiet',
      {
        type: 'button',
        'aria-label': `Remove: ${titleOf(answer)}`,
        click: () =>
          events.reshaped({ ...current, answers: current.answers.filter((_, at) => at !== index) }),
      },
      'remove',
    );
    return h(
      'fieldset.answer',
      { 'data-answer': String(index) },
      h('legend', null, titleOf(answer), ' ', remove),
      ...(answer.url === ''
        ? []
        : [
            field({ label: 'URL that it answers', type: 'url', value: answer.url, set: url => set({ url }) }),
          ]),
      h(
        'div.row',
        null,
        field({ label: 'Status', value: answer.status, set: status => set({ status }) }),
        field({
          label: 'Instead',
          value: answer.fault,
          choices: ['', 'failure', 'hang'],
          set: fault => set({ fault: fault as PlaygroundAnswer['fault'] }),
        }),
      ),
      field({
        label: 'Response headers, one a line',
        rows: 5,
        value: answer.headers,
        hint: 'Access-Control-Allow-Origin: https://app.example',
        set: headers => set({ headers }),
      }),
    );
  }

  function addAnswers(): HTMLElement {
    const add = (label: string, answer: PlaygroundAnswer) =>
      h(
        'button',
        {
          type: 'button',
          click: () => events.reshaped({ ...current, answers: [...current.answers, answer] }),
        },
        label,
      );
    return h(
      'p.add',
      null,
      add('Add an answer to the preflight', { ...ANSWER, role: 'preflight', status: '204' }),
      ' ',
      add('Add an answer to the request', ANSWER),
      ' ',
      add('Add an answer of another URL', { ...ANSWER, url: 'https://other.example/' }),
    );
  }
}

function titleOf({ role, url }: PlaygroundAnswer): string {
  const what = role === 'preflight' ? 'The answer to the preflight (OPTIONS)' : 'The answer to the request';
  return url === '' ? what : `${what} at another URL`;
}
