/** A page for each finding of `verify`, made from harness/policy/checks: what it means, who meets it, how to fix it. */
import { SHARED_ASKS } from '../policy/asks/index.ts';
import type { Concept, PolicyCheck } from '../policy/checks/check.ts';
import { CHECKS } from '../policy/checks/index.ts';
import { type PolicyResource, readConfig } from '../policy/config/read.ts';
import { remedyFor, remedyValues } from '../policy/findings/remedies.ts';
import { toldOnly } from '../policy/findings/told.ts';
import { planFor } from '../policy/plan.ts';
import type { PolicyValues } from '../policy/policy-values.ts';
import { corsPolicyOf } from '../stacks/cors-policy.ts';
import { ALL_STACKS } from '../stacks/index.ts';
import { knownAs } from '../stacks/known.ts';
import { RANKS } from '../verdict/finding.ts';
import type { DocPages } from './pages.ts';

const ORIGIN = 'https://app.example.com';
const SERVER = 'https://api.example.com/items';
/** The policy of the examples. */
const { config: CONFIG } = readConfig({
  target: { url: SERVER },
  policy: {
    origins: ORIGIN,
    credentials: true,
    methods: ['GET', 'PUT'],
    requestHeaders: ['Content-Type'],
    exposedHeaders: ['ETag'],
    maxAge: 600,
    resources: [{ path: '/items' }],
  },
});
const POLICY = corsPolicyOf(CONFIG);
const EXAMPLE = ((plan): PolicyValues => remedyValues(plan.resources[0] as PolicyResource, plan))(
  planFor(CONFIG, SERVER),
);

export const HARM: Readonly<Record<number, string>> = {
  [RANKS.readsWithCredentials]: "a site reads what it must not, with your users' cookies",
  [RANKS.reads]: 'a site reads what it must not',
  [RANKS.fails]: 'a declared page cannot do what was declared',
  [RANKS.fragile]: 'it works, but is fragile or wasteful',
  [RANKS.beyond]: 'more is allowed than declared, without effect on reading',
  [RANKS.engine]: 'an engine does it, whatever the server',
};

const ATTACKER =
  'An attacker puts a page on an origin that your policy does not declare and gets one of your users to open it. Script there calls `fetch(url, { credentials: "include" })`; the browser adds what it keeps for your server and hands the response to the script.';

const WHO: Readonly<Record<number, string>> = {
  [RANKS.readsWithCredentials]: ATTACKER,
  [RANKS.reads]:
    'Script on an origin that your policy does not declare reads the response. Without credentials it gets what anyone can get who reaches the server; inside a company network or by the address of the visitor, that can be more than the public sees.',
  [RANKS.fails]:
    'A user opens a page of an origin that your policy declares, and what it asks of the server fails: script gets a `TypeError`, and only the console of the browser says that it was CORS.',
  [RANKS.fragile]:
    'Users meet it now and then: after a cache kept an answer, with more latency than needed, or with the next change of the server.',
  [RANKS.beyond]:
    'Nobody who could not read before can read now. But pages may send what you did not plan for, and the day an origin is added they may do it there too.',
  [RANKS.engine]: 'Users of that engine meet it, whatever your server sends.',
};

/** Of findings that keep a policy from being verified: no page of theirs has met anything. */
const UNVERIFIED: ReadonlySet<string> = new Set(['resource-fails', 'rate-limited', 'login-ended']);

const whoMeets = ({ id, rank }: PolicyCheck): string =>
  UNVERIFIED.has(id)
    ? 'Whoever relies on this verification: a part of the policy was not tried, so nobody knows what pages meet there.'
    : (WHO[rank] ?? '');

const harmOf = ({ id, rank }: PolicyCheck): string =>
  UNVERIFIED.has(id) ? 'a part of the policy was not verified' : (HARM[rank] ?? '');

const ASKS = [...SHARED_ASKS, ...CHECKS.flatMap(({ ask }) => ask ?? [])];

/** Where a finding is described, from the root of the repository. */
export const findingPage = (id: string): string => `docs/findings/${id}.md`;

const link = (id: string): string => `[${id}](${id}.md)`;

/** A request that shows a fault of this kind by hand. */
function curlOf({ id, needsPreflight, rank }: PolicyCheck): string {
  const attacked = rank === RANKS.reads || rank === RANKS.readsWithCredentials;
  const origin = id === 'origin-null' ? 'null' : attacked ? 'https://evil.example' : ORIGIN;
  const preflight = needsPreflight || id.startsWith('preflight-');
  const asks = preflight ? " -X OPTIONS -H 'Access-Control-Request-Method: PUT'" : '';
  return `curl -i${asks} -H 'Origin: ${origin}' ${SERVER}`;
}

/** What a page of fixes is about. */
const FIX_TITLES: Readonly<Partial<Record<Concept, string>>> = {
  origins: 'Which origins may read',
  credentials: 'Whether they may with credentials',
  methods: 'Which methods are allowed',
  headers: 'Which request headers are allowed',
  expose: 'Which response headers script can read',
  'max-age': 'How long a preflight is remembered',
  'private-network': 'Whether public sites may reach a private network',
  vary: 'What keeps caches from mixing up origins',
  preflight: 'What lets preflights through',
  errors: 'What gives errors their CORS headers',
  once: 'What keeps CORS headers from being set twice',
  redirect: 'What keeps redirects out of the way',
  'no-origin': 'What lets requests without an Origin pass',
  conditional: 'What gives 304 and 206 their CORS headers',
};

/** The first line names the stack; lines after it are a configuration. */
function stackItem(text: string): string[] {
  const [first = '', ...more] = text.split('\n');
  if (more.length === 0) return [`- ${first}`];
  return [`- ${first}`, '', '  ```', ...more.map(line => `  ${line}`), '  ```', ''];
}

const itemsFor = (concept: Concept): string[] =>
  ALL_STACKS.flatMap(stack => {
    const own = knownAs(stack, POLICY, { guessed: false, fragments: true }).textFor(concept);
    return own === undefined ? [] : stackItem(own);
  });

const fixPage = (concept: Concept): string => `docs/fixes/${concept}.md`;

function textOfFixPage(concept: Concept, title: string): string {
  return `${[
    `# ${title}`,
    '',
    remedyFor({ fixes: concept }, EXAMPLE, null)?.fix ?? '',
    '',
    'Stack by stack, with the values of an example policy, from the configurations that `configure` writes. `npx cors-conformance configure --stack NAME` prints the whole one.',
    '',
    ...itemsFor(concept),
  ]
    .join('\n')
    .trimEnd()}\n`;
}

function fixSection(check: PolicyCheck): string[] {
  const { fixes } = check;
  const general = remedyFor(check, EXAMPLE, null);
  if (!general) return ['Nothing on the server helps: see the discussion at the link below.', ''];
  const title = FIX_TITLES[fixes];
  return [
    general.fix,
    '',
    ...(title === undefined || itemsFor(fixes).length === 0
      ? []
      : [`[${title}, stack by stack](../fixes/${fixes}.md)`, '']),
  ];
}

function pageOf(check: PolicyCheck): string {
  const { id, must, severity, text, spec, asks, explains } = check;
  const what = ASKS.filter(ask => asks.includes(ask.id)).map(ask => `- ${ask.what}`);
  const explained = [...(explains?.everywhere ?? []), ...(explains?.here ?? [])];
  const told = toldOnly({ where: '/items', names: 'X-E', origin: ORIGIN, credentials: true });
  return `${[
    `# ${must}`,
    '',
    `\`${id}\` · ${severity === 'note' ? 'information' : severity} · ${harmOf(check)}`,
    '',
    `In a report: _${check.headline(told)}._`,
    '',
    '## What is wrong',
    '',
    text,
    '',
    '## Who meets it',
    '',
    whoMeets(check),
    '',
    '## How to see it',
    '',
    '`verify` asks:',
    '',
    ...what,
    '',
    `Only this check: \`npx cors-conformance verify --only ${id}\`. By hand:`,
    '',
    '```',
    curlOf(check),
    '```',
    '',
    '## How to fix it',
    '',
    ...fixSection(check),
    ...(explained.length > 0
      ? [
          '## Also explains',
          '',
          `Where this is wrong, these follow from it: ${explained.map(link).join(', ')}.`,
          '',
        ]
      : []),
    `[What the Standard says](${spec}) · [All checks](../checks.md)`,
  ].join('\n')}\n`;
}

/** @returns the pages, by their paths from the root of the repository */
export const findingPages = (): DocPages => ({
  ...Object.fromEntries(CHECKS.map(check => [findingPage(check.id), pageOf(check)])),
  ...Object.fromEntries(
    Object.entries(FIX_TITLES)
      .filter(([concept]) => itemsFor(concept as Concept).length > 0)
      .map(([concept, title]) => [fixPage(concept as Concept), textOfFixPage(concept as Concept, title)]),
  ),
});
