import { wordList } from '../../case/words.ts';
import { CHECK_LINKS } from '../attempts.ts';
import type { ReasonOf } from '../diagnose.ts';
import { fixInBytes } from '../findings/remedies.ts';
import type { PolicyValues } from '../policy-values.ts';
import { type Claim, failureCheck } from './failure-check.ts';

function claimOf({ wildcard, listed }: ReasonOf<'header'>, credentials: boolean): Claim {
  if (wildcard)
    return {
      why: credentials
        ? '"*" does not count for a request with credentials'
        : '"*" does not stand for Authorization',
      detail: `Access-Control-Allow-Headers is "*"${credentials ? ', and the request has credentials' : ''}.`,
    };
  return {
    detail: listed === null ? 'Access-Control-Allow-Headers is missing.' : `Allowed are ${listed}.`,
  };
}

/** The fix, with what is missing: a body's type need not be declared. */
const withNames = (values: PolicyValues, names: readonly string[]): string => {
  const known = new Set(values.headers.map(name => name.toLowerCase()));
  const headers = [...values.headers, ...names.filter(name => !known.has(name.toLowerCase()))];
  return fixInBytes({ fixes: 'headers' }, { ...values, headers }) ?? '';
};

export default failureCheck({
  id: 'header-not-allowed',
  must: 'Every declared request header is allowed',
  text: 'A declared request header is not allowed by the preflight. "*" does not count for a request with credentials, and never stands for Authorization.',
  spec: CHECK_LINKS.preflight,
  fixes: 'headers',
  because: 'their request headers are not allowed',
  headline: ({ where, names, several }) =>
    `Declared pages cannot send the request header${several ? 's' : ''} ${names} to ${where}: the preflight does not allow ${several ? 'them' : 'it'}`,
  needsPreflight: true,
  explains: { here: ['header-undeclared'] },
  relevant: { in: ({ about }) => about.headers.length > 0, else: 'the policy declares no request headers' },
  claims: ({ reason, refused, trial }) => {
    const { about } = trial;
    const at = (names: readonly string[]) => ({
      place: `${about.path} (${names.join(', ')})`,
      where: about.path,
      names,
    });
    if (reason?.id === 'header')
      return {
        ...at(reason.names),
        ...claimOf(reason, about.credentials),
        send: values => withNames(values, reason.names),
      };
    if (refused !== 'headers') return null;
    const send = (values: PolicyValues) =>
      `Answer a preflight that asks for ${wordList(about.headers)} as the others: with an ok status and CORS headers. ${withNames(values, about.headers)}`;
    if (reason?.id === 'status' && reason.status < 500)
      return {
        ...at(about.headers),
        send,
        detail: `The preflight is answered with ${reason.status}; without these headers it passes.`,
      };
    return reason?.id === 'origin-missing'
      ? {
          ...at(about.headers),
          send,
          detail: 'The preflight is answered without CORS headers; without these it passes.',
        }
      : null;
  },
});
