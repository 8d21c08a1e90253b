/** Behaviours that no case can show here, each with the reason. */
export const unobservable: Readonly<Record<string, string>> = {};
