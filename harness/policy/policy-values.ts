/** What a fix is told in: the policy's own values. */

/** The policy's values, as far as one resource is concerned. */
export interface PolicyValues {
  /** Exact origins, without `null`; the one concerned stands first. */
  readonly origins: readonly string[];
  /** Every declared origin is exact, so that they can simply be listed. */
  readonly listable: boolean;
  readonly any: boolean;
  readonly credentials: boolean;
  readonly methods: readonly string[];
  readonly headers: readonly string[];
  /** Any request header may be sent. */
  readonly anyHeader: boolean;
  readonly expose: readonly string[];
  /** Every response header is exposed. */
  readonly anyExposed: boolean;
  readonly seconds: number | undefined;
}
