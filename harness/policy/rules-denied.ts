/** Symptoms of what is not declared and works all the same. */
import { headerValue } from '../wire/exchange.ts';
import type { About } from './derived.ts';
import { answerText, diagnose, diagnosePreflight } from './diagnose.ts';
import { attackerRule } from './rule-texts.ts';
import { type CaseRun, type Evidenced, type ProbeRun, type Symptom, seenIn } from './symptoms.ts';

const fromProbe = ({ probe }: ProbeRun) => ({
  resource: probe.about.resource,
  place: `${probe.about.method} ${probe.about.path}`,
  ...(probe.about.origin !== null && { origin: probe.about.origin }),
});

/** What an attacker that gets through shows: by name, or only through a wildcard. */
function allowedAttacker(
  about: About,
  withCredentials: boolean,
  allowOrigin: string | null,
): Pick<Symptom, 'rule' | 'severity' | 'detail'> {
  const { attacker } = about;
  if (!attacker || allowOrigin === '*') return { rule: 'origin-wildcard' };
  return {
    rule: attackerRule(attacker.kind),
    severity: withCredentials ? 'error' : 'warning',
    detail: `${attacker.origin} is allowed${withCredentials ? ' with credentials' : ''}: ${attacker.why}.`,
  };
}

function attackerSymptoms(run: CaseRun): Symptom[] {
  const { about } = run.derived;
  const through = run.steps.findLast(one => one.outcome === 'readable');
  if (!through) return [];
  const index = run.steps.indexOf(through);
  const last = through.observation.exchanges.at(-1);
  const allowOrigin = last?.response
    ? headerValue(last.response.headers, 'access-control-allow-origin')
    : null;
  return [
    {
      ...seenIn(run),
      ...allowedAttacker(about, index === 1, allowOrigin),
      saw: `The page could read it. ${last ? answerText(last) : ''}`.trim(),
      fault: 'server',
    },
  ];
}

function undeclaredSymptoms(run: CaseRun): Symptom[] {
  const { about } = run.derived;
  const one = run.steps[0];
  if (!one) return [];
  const { exchanges } = one.observation;
  const last = exchanges.at(-1);
  const saw = last ? answerText(last) : '';
  if (about.check === 'undeclared-credentials')
    return one.outcome === 'readable'
      ? [{ ...seenIn(run), rule: 'credentials-undeclared', severity: about.severity, saw }]
      : [];
  const asked = { ...about, origin: about.origin ?? '' };
  const preflight = exchanges.find(exchange => exchange.role === 'preflight');
  const passed = preflight ? diagnosePreflight(preflight, asked) === null : one.outcome === 'readable';
  if (!passed) return [];
  const header = about.check === 'undeclared-header';
  return [
    {
      ...seenIn(run),
      rule: header ? 'header-undeclared' : 'method-undeclared',
      place: header ? about.path : `${about.method} ${about.path}`,
      saw: preflight ? answerText(preflight) : saw,
    },
  ];
}

function probeSymptoms(run: ProbeRun): Symptom[] {
  const { about } = run.probe;
  const { exchange } = run;
  const { response } = exchange;
  if (!response) return [];
  const saw = answerText(exchange);
  const asked = { ...about, origin: about.origin ?? '' };
  const allowOrigin = headerValue(response.headers, 'access-control-allow-origin');
  switch (about.check) {
    case 'undeclared-method':
      return diagnosePreflight(exchange, asked) === null
        ? [{ ...fromProbe(run), rule: 'method-undeclared', saw }]
        : [];
    case 'attacker-cookie':
      return diagnose([exchange], asked) === null
        ? [{ ...fromProbe(run), ...allowedAttacker(about, true, allowOrigin), saw }]
        : [];
    case 'attacker-preflight': {
      const credentials = diagnosePreflight(exchange, asked) === null;
      if (!credentials && diagnosePreflight(exchange, { ...asked, credentials: false }) !== null) return [];
      return [{ ...fromProbe(run), ...allowedAttacker(about, credentials, allowOrigin), saw }];
    }
    default:
      return [];
  }
}

/** Symptoms of every undeclared thing that got through. */
export function deniedSymptoms({ runs, probes }: Evidenced): Symptom[] {
  return [
    ...runs.flatMap(run => {
      const { check } = run.derived.about;
      if (check === 'attacker') return attackerSymptoms(run);
      return check.startsWith('undeclared-') ? undeclaredSymptoms(run) : [];
    }),
    ...probes.flatMap(probeSymptoms),
  ];
}
