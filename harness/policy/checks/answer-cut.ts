import { CHECK_LINKS } from '../attempts.ts';
import { failureCheck } from './failure-check.ts';

export default failureCheck({
  id: 'answer-cut',
  must: 'Every answer is whole and can be decoded',
  text: 'The answer passes the CORS check, but it ends before its body does, does not end in time, its framing is broken, or its body is not coded as Content-Encoding says: the page has no whole answer.',
  spec: CHECK_LINKS.network,
  fixes: 'complete',
  because: 'the answer is cut short, garbled or endless',
  explains: { here: ['resource-fails'] },
  claims: ({ reason }) => {
    if (reason?.id === 'cut') return { detail: `Seen: ${reason.note}.`, why: reason.note };
    if (reason?.id !== 'undecodable') return null;
    const note = `"Content-Encoding: ${reason.coding}" stands there, but the body is not so encoded`;
    return { detail: `Seen: ${note}.`, why: note };
  },
});
