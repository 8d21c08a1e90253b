/** An origin that must not be let in, and what such origins are derived from. */
export interface Attacker {
  /** Stable: kind and position, for example prefix-1. */
  readonly id: string;
  /** The check that it belongs to, without `origin-`. */
  readonly kind: string;
  /** The Origin header's value. */
  readonly origin: string;
  /** What a server that allows it does wrong, as the end of a sentence about the server. */
  readonly why: string;
  /** Whether a page can have this origin in the browsers that are driven here; extensions and apps are asked on the wire. */
  readonly browser: boolean;
  /** The declared origin it was derived from. */
  readonly from?: string;
}

/** A declared origin, or the target's, in its parts. */
export interface OriginParts {
  /** The whole. */
  readonly origin: string;
  readonly scheme: string;
  readonly host: string;
  /** With its colon, or empty. */
  readonly port: string;
  /** It stands for a declared pattern. */
  readonly pattern: boolean;
  /** How many stand before it. */
  readonly index: number;
}

/** What the attackers of a resource are derived from. */
export interface AttackedOrigins {
  /** The declared http and https origins, and last the target's own. */
  readonly around: readonly OriginParts[];
  readonly declared: readonly OriginParts[];
  /** A domain that has nothing in common with any of them. */
  readonly evil: string;
}
