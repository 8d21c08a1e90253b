/** When a run began. The clock of a machine may be set meanwhile; how long it takes does not depend on that. */
export interface RunStart {
  readonly at: Date;
  /** Milliseconds since then. */
  elapsed(): number;
}

export function startNow(): RunStart {
  const from = performance.now();
  return { at: new Date(), elapsed: () => Math.round(performance.now() - from) };
}
