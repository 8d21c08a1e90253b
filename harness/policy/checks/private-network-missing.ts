import { RANKS } from '../../verdict/finding.ts';
import { CHECK_LINKS } from '../attempts.ts';
import type { PolicyCheck } from './check.ts';
import { answersWith, privateNetworkAsk } from './private-network-helpers.ts';

const check: PolicyCheck = {
  id: 'private-network-missing',
  must: 'Declared access to a private network is granted',
  severity: 'warning',
  rank: RANKS.fails,
  text: 'The preflight does not answer the question for a private network, though the policy declares it.',
  spec: CHECK_LINKS.privateNetwork,
  fixes: 'private-network',
  send: () =>
    'Send "Access-Control-Allow-Private-Network: true" with a preflight that carries "Access-Control-Request-Private-Network: true".',
  asks: [privateNetworkAsk.id],
  headline: ({ where }) => `Public sites cannot reach ${where} in a private network`,
  untried: ({ resources }) =>
    resources.some(({ privateNetwork }) => privateNetwork)
      ? undefined
      : 'the policy does not declare privateNetwork',
  symptoms: evidence => answersWith(evidence, false),
};

export default check;
