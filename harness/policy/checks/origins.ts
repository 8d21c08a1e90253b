/** Every kind of origin that careless matching lets in, the broader kinds first. */
import originApex from './origin-apex.ts';
import originApp from './origin-app.ts';
import type { OriginCheck } from './origin-check.ts';
import originContains from './origin-contains.ts';
import originDeep from './origin-deep.ts';
import originDot from './origin-dot.ts';
import originHosting from './origin-hosting.ts';
import originHyphen from './origin-hyphen.ts';
import originJoined from './origin-joined.ts';
import originLabelSuffix from './origin-label-suffix.ts';
import originLocalhost from './origin-localhost.ts';
import originNull from './origin-null.ts';
import originPart from './origin-part.ts';
import originPort from './origin-port.ts';
import originPrefix from './origin-prefix.ts';
import originPrivate from './origin-private.ts';
import originReflected from './origin-reflected.ts';
import originScheme from './origin-scheme.ts';
import originSibling from './origin-sibling.ts';
import originSpecial from './origin-special.ts';
import originSubdomain from './origin-subdomain.ts';
import originSuffix from './origin-suffix.ts';
import originTrailingDot from './origin-trailing-dot.ts';

export const ORIGIN_CHECKS: readonly OriginCheck[] = [
  originReflected,
  originNull,
  originContains,
  originPrefix,
  originSuffix,
  originLabelSuffix,
  originPart,
  originDot,
  originJoined,
  originSpecial,
  originSibling,
  originHyphen,
  originApex,
  originSubdomain,
  originDeep,
  originTrailingDot,
  originScheme,
  originPort,
  originHosting,
  originLocalhost,
  originPrivate,
  originApp,
];
