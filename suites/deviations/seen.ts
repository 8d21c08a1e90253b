/** The engines in which the deviations of these files were seen. */
export const chromium = { engine: 'chromium', versions: '156' } as const;
export const firefox = { engine: 'firefox', versions: '153' } as const;
export const webkit = { engine: 'webkit', versions: '2' } as const;
