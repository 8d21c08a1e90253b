import { RANKS } from '../../verdict/finding.ts';
import { type Ask, CHECK_LINKS } from '../attempts.ts';
import type { PolicyResource } from '../config/read.ts';
import { pageProbe } from '../page-probe.ts';
import { originsOf } from '../plan.ts';
import { symptomOf } from '../trial.ts';
import { carriedWords } from './carried.ts';
import type { PolicyCheck } from './check.ts';

const VALIDATORS = [
  ['etag', 'If-None-Match'],
  ['last-modified', 'If-Modified-Since'],
] as const;

const ask: Ask = {
  id: 'conditional',
  what: 'what a resource sent as ETag or Last-Modified, asked back',
  attempts: () => ({}),
  followUps: (plan, seen) =>
    plan.resources.flatMap(resource => {
      const [origin] = originsOf(resource);
      if (origin === undefined || !resource.methods.includes('GET')) return [];
      return VALIDATORS.flatMap(([sent, asked]) => {
        const value = seen.header(resource.name, origin, sent);
        if (value === null) return [];
        return [
          pageProbe(plan, resource, {
            ask: 'conditional',
            must: 'A 304 must carry the CORS headers of the answer that it stands for',
            method: 'GET',
            origin,
            lines: [[asked, value]],
            word: asked,
          }),
        ];
      });
    }),
};

/** Script may ask back by itself; otherwise only the browser's cache does. */
const scriptMayAsk = ({ requestHeaders }: PolicyResource): boolean =>
  requestHeaders.some(name => ['*', 'if-none-match', 'if-modified-since'].includes(name.toLowerCase()));

const check: PolicyCheck = {
  id: 'not-modified-without-cors',
  must: 'A 304 carries the CORS headers of the answer that it stands for',
  severity: 'warning',
  rank: RANKS.fragile,
  text: 'The answer 304 Not Modified does not carry the CORS headers of the answer that it stands for: script that sends If-None-Match itself cannot read it, and a copy that a cache has takes over what it does carry.',
  spec: CHECK_LINKS.vary,
  fixes: 'conditional',
  asks: [ask.id],
  ask,
  relevant: {
    in: ({ last }) => last?.response?.status === 304,
    else: 'no resource answered 304 Not Modified',
  },
  // A page whose browser asks back meets the same answer.
  explains: { when: other => other.exchange?.response?.status === 304 },
  headline: ({ where, plural }) =>
    `Pages can fail when they check whether ${where} ${plural ? 'have' : 'has'} changed`,
  symptoms: evidence =>
    evidence.of(ask.id).flatMap(trial => {
      if (trial.last?.response?.status !== 304 || trial.reason === null) return [];
      if (!evidence.readsWhole(trial)) return [];
      const resource = evidence.resource(trial.about.resource);
      // What it does carry replaces what the browser's copy says (RFC 9111, 3.2): that fails whoever asks back.
      const failing = trial.allowOrigin !== null || (resource && scriptMayAsk(resource));
      const carried = carriedWords(trial);
      return [
        {
          ...symptomOf(trial),
          why: carried,
          detail: `${carried}.`,
          ...(failing && { severity: 'error' as const, rank: RANKS.fails }),
        },
      ];
    }),
};

export default check;
