import { RANKS } from '../../verdict/finding.ts';
import { CHECK_LINKS } from '../attempts.ts';
import { symptomOf } from '../trial.ts';
import type { PolicyCheck } from './check.ts';

const check: PolicyCheck = {
  id: 'cookies-not-sent',
  must: 'Engines send the declared cookies from pages on another site',
  severity: 'note',
  rank: RANKS.engine,
  text: 'A browser sends no cookie with a request to another site, as it is built or set up: its users are not logged in there, whatever the server allows. No status is blamed on the server for it.',
  spec: CHECK_LINKS.cookies,
  fixes: 'cookies',
  asks: ['allowed'],
  relevant: {
    in: ({ onWire, about }) => !onWire && about.cookie !== undefined && about.credentials,
    else: 'no browser took part',
  },
  headline: ({ where }) =>
    `Users of some browsers are not logged in when a page on another site asks for ${where}`,
  untried: ({ resources }) =>
    resources.every(({ cookies }) => Object.keys(cookies).length === 0)
      ? 'the policy declares no cookies and no login'
      : undefined,
  symptoms: evidence =>
    evidence
      .of('allowed')
      .filter(trial => !trial.onWire && trial.lacksCookie)
      .map(trial => ({ ...symptomOf(trial, trial.actual), place: trial.about.path })),
};

export default check;
