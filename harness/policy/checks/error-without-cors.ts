import { CHECK_LINKS } from '../attempts.ts';
import { failureCheck } from './failure-check.ts';

export default failureCheck({
  id: 'error-without-cors',
  must: 'Error answers carry CORS headers',
  text: 'Error answers carry no CORS headers: the page sees a network error instead of the reason.',
  spec: CHECK_LINKS.check,
  fixes: 'errors',
  because: 'the server answers with an error that they cannot read',
  headline: ({ where, plural }) =>
    plural
      ? `Pages cannot read why ${where} fail: the errors have no CORS headers`
      : `Pages cannot read why ${where} fails: the error has no CORS headers`,
  relevant: {
    in: ({ actual }) => (actual?.response?.status ?? 0) >= 400,
    else: 'no error answer came up: declare one in policy.errors',
  },
  claims: ({ reason, trial, context }) => {
    if (reason?.id !== 'origin-missing' || reason.at !== 'response' || reason.status < 400) return null;
    const { about } = trial;
    if (about.ask !== 'errors' && !context.answersAllow && context.servedPlain(about.method)) return null;
    return about.unasked && !context.anyAllows ? null : {};
  },
});
