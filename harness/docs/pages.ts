/** The generated pages of docs/: text by path from the root of the repository. */
export type DocPages = Readonly<Record<string, string>>;
