/**
 * The engines in which the deviations of these files were seen. Chromium's were held against its releases from the
 * oldest that still runs (see docs/engines.md): a range begins and ends where runs of all cases did. `heldAgainst` says
 * on which builds: Debian's, and for Chromium also the releases that `engines install chromium@VERSION` gets.
 */
const chromiumBuilds = /^Debian chromium | release /;
export const chromium = { engine: 'chromium', versions: '92-156', heldAgainst: chromiumBuilds } as const;
export const firefox = { engine: 'firefox', versions: '153', heldAgainst: /^Debian firefox-esr / } as const;
export const webkit = { engine: 'webkit', versions: '2', heldAgainst: /^Debian libwebkit2gtk/ } as const;

/** Seen in some releases of Chromium only: "92-103", "147-156". */
export const chromiumIn = <Range extends string>(versions: Range) =>
  ({ engine: 'chromium', versions, heldAgainst: chromiumBuilds }) as const;
export const jsdom = { engine: 'jsdom', versions: '29' } as const;
export const happyDom = { engine: 'happy-dom', versions: '21' } as const;
