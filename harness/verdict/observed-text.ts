/** What checks observed, as texts that are equal in every run in which the same happens. */

/** Without URLs: ports and the paths of a run are new each time, and no behaviour. */
export const withoutUrls = (text: string): string => text.replace(/https?:\/\/[^\s,"']+/g, 'URL');
