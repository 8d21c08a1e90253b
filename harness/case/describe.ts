/**
 * A case in sentences, made from its data: what is sent, what is answered, what must happen. HTTP and script stand
 * between backticks. Addresses have example ports, the same in every run.
 */
import { expectationSentences } from './describe-expectation.ts';
import { requestSentence } from './describe-request.ts';
import {
  answerWords,
  code,
  type ExampleStep,
  exampleAddress,
  exampleOf,
  headerLine,
  joined,
} from './example.ts';
import type { Case, RequestStep, Resource } from './schema.ts';

/**
 * The sentences of a case, in the order of its steps; those of a case with several requests begin with "Step 1:", or
 * with "Step 1 (store a cookie):" where the step has a name.
 * Never throws: a placeholder that cannot be filled in stays as it is.
 */
export function describeCase(theCase: Case): string[] {
  const scene = exampleOf(theCase);
  const many = theCase.steps.filter(step => 'request' in step).length > 1;
  let number = 0;
  const steps = theCase.steps.flatMap(step => {
    if ('wait' in step) return [`Wait ${step.wait / 1000} s.`];
    number++;
    const at = { scene, step };
    const sentences = [requestSentence(at), ...answerSentences(at, number > 1), ...expectationSentences(at)];
    const label = step.name === undefined ? `Step ${number}` : `Step ${number} (${step.name})`;
    return many ? sentences.map(sentence => `${label}: ${sentence}`) : sentences;
  });
  return [...pageSentences(theCase, scene), ...steps];
}

/** How the page is served, if that is part of the case. */
function pageSentences(theCase: Case, scene: ExampleStep['scene']): string[] {
  const first = theCase.steps.find((step): step is RequestStep => 'request' in step);
  if (!first) return [];
  const headers: (readonly [string, string])[] = [
    ...(theCase.csp === undefined ? [] : [['Content-Security-Policy', theCase.csp] as const]),
    ...(theCase.pageHeaders ?? []),
  ];
  const lines = headers.map(line => headerLine(line, { scene, step: first }));
  return [
    ...(lines.length > 0 ? [`The page is served with ${joined(lines)}.`] : []),
    ...(theCase.worker === undefined ? [] : [`Its service worker runs the script ${code(theCase.worker)}.`]),
  ];
}

function answerSentences(at: ExampleStep, later: boolean): string[] {
  const { server } = at.step;
  if (!server) return later ? ['The servers answer as in the step before.'] : [];
  const main: Resource = {
    ...(server.preflight && { preflight: server.preflight }),
    ...(server.actual && { actual: server.actual }),
  };
  return [
    ...resourceSentences('main', main, at),
    ...Object.entries(server.resources ?? {}).flatMap(([name, resource]) =>
      resourceSentences(name, resource, at),
    ),
  ];
}

function resourceSentences(name: string, resource: Resource, at: ExampleStep): string[] {
  const where = name === 'main' ? '' : ` for ${code(exampleAddress(name, at))}`;
  return (['preflight', 'actual'] as const).flatMap(role => {
    const scripted = resource[role];
    if (!scripted) return [];
    const answers = Array.isArray(scripted) ? scripted : [scripted];
    const words = answers.map(answer => answerWords(answer, role, at));
    const who = role === 'preflight' ? 'preflight' : 'request';
    return [
      words.length === 1
        ? `The ${who}${where} is answered ${words[0]}.`
        : `The ${who}s${where} are answered, in this order: ${words.join('; ')}.`,
    ];
  });
}
