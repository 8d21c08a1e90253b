/** The questions that several checks share. */
import type { Ask } from '../attempts.ts';
import { againAsk } from './again.ts';
import {
  attackerCookiesAsk,
  attackerPreflightsAsk,
  attackerRangeAsk,
  attackerRefererAsk,
} from './attacker-probes.ts';
import { attackersAsk } from './attackers.ts';
import { declaredAsk } from './declared.ts';
import { errorsAsk } from './errors.ts';
import { headersAsk } from './headers.ts';
import { guardedPreflightAsk, noOriginAsk, plainOptionsAsk } from './plain.ts';
import { preflightsAsk } from './preflights.ts';

export const SHARED_ASKS: readonly Ask[] = [
  declaredAsk,
  headersAsk,
  preflightsAsk,
  noOriginAsk,
  plainOptionsAsk,
  guardedPreflightAsk,
  attackersAsk,
  attackerCookiesAsk,
  attackerRefererAsk,
  attackerRangeAsk,
  attackerPreflightsAsk,
  errorsAsk,
  againAsk,
];
