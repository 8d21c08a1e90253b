import { CHECK_LINKS } from '../attempts.ts';
import { failureCheck } from './failure-check.ts';

export default failureCheck({
  id: 'answer-cut',
  must: 'Every answer is whole',
  text: 'The answer passes the CORS check, but it ends before its body does, or its framing is broken: the page sees a network error.',
  spec: CHECK_LINKS.network,
  fixes: 'complete',
  because: 'the answer breaks off',
  explains: { here: ['resource-fails'] },
  claims: ({ reason }) => (reason?.id === 'cut' ? { detail: `Seen: ${reason.note}.` } : null),
});
