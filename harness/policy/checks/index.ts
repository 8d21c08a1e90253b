/** Every check, in the order in which a report lists them. A new one is a file of its own and a line here. */

import answerChanges from './answer-changes.ts';
import answerCut from './answer-cut.ts';
import type { PolicyCheck } from './check.ts';
import cookiesNotSent from './cookies-not-sent.ts';
import credentialsMissing from './credentials-missing.ts';
import credentialsMisspelt from './credentials-misspelt.ts';
import credentialsUndeclared from './credentials-undeclared.ts';
import engineDiffers from './engine-differs.ts';
import errorWithoutCors from './error-without-cors.ts';
import exposeMissing from './expose-missing.ts';
import exposeUndeclared from './expose-undeclared.ts';
import headerNotAllowed from './header-not-allowed.ts';
import headerUndeclared from './header-undeclared.ts';
import languageWithoutCors from './language-without-cors.ts';
import listMalformed from './list-malformed.ts';
import loginEnded from './login-ended.ts';
import maxAgeDiffers from './max-age-differs.ts';
import maxAgeIgnored from './max-age-ignored.ts';
import maxAgeMalformed from './max-age-malformed.ts';
import maxAgeMissing from './max-age-missing.ts';
import methodNotAllowed from './method-not-allowed.ts';
import methodUndeclared from './method-undeclared.ts';
import noAnswer from './no-answer.ts';
import noOriginRefused from './no-origin-refused.ts';
import notModifiedWithoutCors from './not-modified-without-cors.ts';
import notReadable from './not-readable.ts';
import originListed from './origin-listed.ts';
import originMisspelt from './origin-misspelt.ts';
import originNotAllowed from './origin-not-allowed.ts';
import originRemembered from './origin-remembered.ts';
import originRepeated from './origin-repeated.ts';
import originWildcard from './origin-wildcard.ts';
import { ORIGIN_CHECKS } from './origins.ts';
import partialWithoutCors from './partial-without-cors.ts';
import preflightAuth from './preflight-auth.ts';
import preflightNotRouted from './preflight-not-routed.ts';
import preflightRedirect from './preflight-redirect.ts';
import preflightStatus from './preflight-status.ts';
import preflightWithoutCors from './preflight-without-cors.ts';
import preflightWithoutHeaders from './preflight-without-headers.ts';
import privateNetworkMissing from './private-network-missing.ts';
import privateNetworkUndeclared from './private-network-undeclared.ts';
import rateLimited from './rate-limited.ts';
import redirectElsewhere from './redirect-elsewhere.ts';
import redirectFails from './redirect-fails.ts';
import redirectWithoutCors from './redirect-without-cors.ts';
import resourceFails from './resource-fails.ts';
import responseWithoutCors from './response-without-cors.ts';
import statusDiffers from './status-differs.ts';
import varyIgnored from './vary-ignored.ts';
import varyInjected from './vary-injected.ts';
import varyMissing from './vary-missing.ts';
import wildcardWithCredentials from './wildcard-with-credentials.ts';

export const CHECKS: readonly PolicyCheck[] = [
  ...ORIGIN_CHECKS,
  originWildcard,
  credentialsUndeclared,
  resourceFails,
  noAnswer,
  answerCut,
  answerChanges,
  preflightAuth,
  preflightNotRouted,
  preflightRedirect,
  preflightStatus,
  preflightWithoutCors,
  preflightWithoutHeaders,
  responseWithoutCors,
  originNotAllowed,
  originRepeated,
  originListed,
  originMisspelt,
  originRemembered,
  wildcardWithCredentials,
  credentialsMissing,
  credentialsMisspelt,
  listMalformed,
  methodNotAllowed,
  headerNotAllowed,
  redirectWithoutCors,
  redirectFails,
  redirectElsewhere,
  errorWithoutCors,
  notReadable,
  exposeMissing,
  noOriginRefused,
  partialWithoutCors,
  languageWithoutCors,
  notModifiedWithoutCors,
  rateLimited,
  loginEnded,
  varyMissing,
  varyIgnored,
  varyInjected,
  maxAgeMissing,
  maxAgeMalformed,
  maxAgeDiffers,
  statusDiffers,
  methodUndeclared,
  headerUndeclared,
  exposeUndeclared,
  privateNetworkUndeclared,
  privateNetworkMissing,
  maxAgeIgnored,
  cookiesNotSent,
  engineDiffers,
];
