import { CHECK_LINKS } from '../attempts.ts';
import { failureCheck } from './failure-check.ts';

export default failureCheck({
  id: 'no-answer',
  must: 'Every request is answered with whole HTTP',
  text: 'The server did not answer with HTTP that browsers take.',
  spec: CHECK_LINKS.cors,
  fixes: 'reach',
  because: 'the server does not answer with HTTP that browsers take',
  explains: {
    here: [
      'preflight-auth',
      'preflight-not-routed',
      'preflight-status',
      'preflight-without-cors',
      'preflight-without-headers',
      'response-without-cors',
      'origin-not-allowed',
      'header-not-allowed',
      'method-not-allowed',
      'vary-missing',
      'no-origin-refused',
      'resource-fails',
      'answer-cut',
    ],
  },
  claims: ({ reason, symptom }) => {
    if (reason?.id !== 'no-answer') return null;
    const detail = `To the ${reason.at === 'preflight' ? 'preflight' : 'request'}: ${reason.note}.`;
    // Where there is no answer to show, the note stands in its place.
    return symptom.exchange?.response ? { detail, why: reason.note } : { detail };
  },
});
