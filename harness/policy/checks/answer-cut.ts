import { CHECK_LINKS } from '../attempts.ts';
import { failureCheck } from './failure-check.ts';

export default failureCheck({
  id: 'answer-cut',
  must: 'Every answer is whole',
  text: 'The answer passes the CORS check, but it ends before its body does, does not end in time, or its framing is broken: the page has no whole answer.',
  spec: CHECK_LINKS.network,
  fixes: 'complete',
  because: 'the answer breaks off or does not end',
  explains: { here: ['resource-fails'] },
  claims: ({ reason }) => (reason?.id === 'cut' ? { detail: `Seen: ${reason.note}.` } : null),
});
