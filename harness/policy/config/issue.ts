/** What is wrong with a configuration, and where. */
export interface Issue {
  /** For example policy.resources[1].methods[0]. */
  readonly path: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

export type Report = (path: string, severity: Issue['severity'], message: string) => void;
