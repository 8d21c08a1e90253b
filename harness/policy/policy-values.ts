/** What a fix is told in: the policy's own values. */

/** The policy's values, as far as one resource is concerned. */
export interface PolicyValues {
  /** Exact origins, without `null`. */
  readonly origins: readonly string[];
  /** Every declared origin is exact, so that they can simply be listed. */
  readonly listable: boolean;
  readonly any: boolean;
  readonly credentials: boolean;
  readonly methods: readonly string[];
  readonly headers: readonly string[];
  readonly expose: readonly string[];
  readonly seconds: number | undefined;
}
