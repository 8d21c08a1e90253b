/** The page: state in the URL, forms above, what they come to below. */
import { h } from '../../../reports/html/client/dom.ts';
import { suites } from '../../../suites/index.ts';
import {
  EXAMPLE,
  fromFragment,
  type PlaygroundState,
  type PlaygroundStep,
  STEP,
  toFragment,
} from '../../case/playground-state.ts';
import { fromCase } from '../from-case.ts';
import { fromText } from '../from-text.ts';
import { simulate } from '../simulate.ts';
import { stepForm } from './form.ts';
import { stepResult, verdictOf } from './result.ts';

/** Browsers limit how often a page may change its own URL: once typing pauses is often enough. */
const URL_PAUSE_MS = 400;

const find = (id: string): HTMLElement => document.getElementById(id) as HTMLElement;
const parts = {
  forms: find('forms'),
  results: find('results'),
  verdict: find('verdict'),
  paste: find('paste') as HTMLTextAreaElement,
  caseId: find('case-id') as HTMLInputElement,
  message: find('message'),
};

let state: PlaygroundState = EXAMPLE;
let pause: ReturnType<typeof setTimeout> | undefined;

function say(text: string): void {
  parts.message.textContent = text;
}

function showResults(): void {
  const steps = simulate(state);
  parts.results.replaceChildren(
    ...steps.map((step, index) =>
      h(
        'section',
        null,
        steps.length > 1 && h('h3.number', null, `Request ${index + 1}, at ${step.atSeconds} s`),
        stepResult(step, index),
      ),
    ),
  );
  const last = steps.at(-1);
  if (last) parts.verdict.textContent = `${verdictOf(last)}.`;
}

function showForms(): void {
  parts.forms.replaceChildren(
    ...state.steps.map((step, index) =>
      h(
        'section',
        { 'aria-label': `Request ${index + 1}` },
        state.steps.length > 1 &&
          h(
            'h3.number',
            null,
            `Request ${index + 1} `,
            h('button.quiet', { type: 'button', click: () => remove(index) }, 'remove this request'),
          ),
        stepForm(step, index === 0, {
          changed: changed => replace(index, changed),
          reshaped: changed => {
            replace(index, changed);
            showForms();
          },
        }),
      ),
    ),
  );
}

function replace(index: number, step: PlaygroundStep): void {
  set({ steps: state.steps.map((own, at) => (at === index ? step : own)) });
}

function remove(index: number): void {
  set({ steps: state.steps.filter((_, at) => at !== index) });
  showForms();
}

/** Takes a state and shows what it comes to. The URL follows once typing pauses. */
function set(next: PlaygroundState): void {
  state = next;
  showResults();
  clearTimeout(pause);
  pause = setTimeout(() => history.replaceState(null, '', `#${toFragment(state)}`), URL_PAUSE_MS);
}

function open(next: PlaygroundState): void {
  set(next);
  showForms();
}

/**
 * @param name the id of a case, or "suite:id"
 * @returns whether there is such a case, and it can be shown
 */
function openCase(name: string): boolean {
  const [id = '', suiteId] = name.split(':').reverse();
  const theCase = suites
    .filter(suite => suiteId === undefined || suite.id === suiteId)
    .flatMap(suite => suite.cases)
    .find(one => one.id === id);
  if (!theCase) {
    say(`There is no case "${id}".`);
    return false;
  }
  const shown = fromCase(theCase);
  if (!shown) {
    say(`The case "${id}" uses what this page has no field for, such as workers or raw bytes.`);
    return false;
  }
  say(theCase.title);
  open(shown);
  return true;
}

function fromUrl(): void {
  const [, name, recorded = location.hash] = /^#case=([^&]+)(?:&(s=.*))?$/.exec(location.hash) ?? [];
  if (name !== undefined && openCase(decodeURIComponent(name))) return;
  const shared = fromFragment(recorded);
  if (name !== undefined && shared) say('This is what was asked and answered in the run.');
  if (/^#?s=/.test(recorded) && !shared) say('The link is damaged: here is an example instead.');
  open(shared ?? EXAMPLE);
}

find('again').addEventListener('click', () => {
  const last = state.steps.at(-1) ?? STEP;
  open({ steps: [...state.steps, { ...last, wait: '1' }] });
  find('forms').lastElementChild?.scrollIntoView({ block: 'nearest' });
});
find('start-over').addEventListener('click', () => open(EXAMPLE));
find('read').addEventListener('click', () => {
  const pasted = fromText(parts.paste.value);
  if ('problem' in pasted) say(pasted.problem);
  else {
    say('Add the answers of your server, as the Network panel or curl -i shows them.');
    open(pasted.state);
  }
});
find('open-case').addEventListener('click', () => openCase(parts.caseId.value.trim()));
find('case-ids').append(
  ...suites.flatMap(suite => suite.cases).map(({ id, title }) => h('option', { value: id }, title)),
);
addEventListener('hashchange', fromUrl);
fromUrl();
