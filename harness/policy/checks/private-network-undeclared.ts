import { RANKS } from '../../verdict/finding.ts';
import { CHECK_LINKS } from '../attempts.ts';
import type { PolicyCheck } from './check.ts';
import { answersWith, privateNetworkAsk } from './private-network-helpers.ts';

const check: PolicyCheck = {
  id: 'private-network-undeclared',
  must: 'Public sites may not reach a private network unless declared',
  severity: 'warning',
  rank: RANKS.beyond,
  text: 'The preflight lets public sites reach a private network, though the policy does not declare that.',
  spec: CHECK_LINKS.privateNetwork,
  fixes: 'private-network',
  send: () =>
    'Leave Access-Control-Allow-Private-Network out of the preflight. If public sites may reach the server, declare policy.privateNetwork.',
  asks: [privateNetworkAsk.id],
  ask: privateNetworkAsk,
  headline: ({ where }) => `Public sites may reach ${where} in a private network`,
  untried: ({ resources }) =>
    resources.every(({ privateNetwork }) => privateNetwork)
      ? 'the policy declares privateNetwork'
      : undefined,
  symptoms: evidence => answersWith(evidence, true),
};

export default check;
