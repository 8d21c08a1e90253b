/** The page's state in its address: the query and the open case. */

export interface State {
  readonly query: string;
  /** The id of the case in the panel. */
  readonly open: string | null;
}

/** Browsers refuse more than some 100 changes in 10 to 30 seconds, and a held key makes 30 a second. */
const SETTLE_MS = 400;

export function addressOfState({ query, open }: State): string {
  const parts: string[] = [];
  if (open !== null) parts.push(`case=${encodeURIComponent(open)}`);
  if (query !== '') parts.push(`q=${encodeURIComponent(query)}`);
  return `#${parts.join('&')}`;
}

export function stateOf(hash: string): State {
  const parameters = new URLSearchParams(hash.slice(1).replace(/\+/g, '%2B'));
  return { query: parameters.get('q') ?? '', open: parameters.get('case') };
}

let pending: ReturnType<typeof setTimeout> | undefined;

/** Writes the state into the address once it has settled; a later one takes its place. */
export function replaceAddress(state: State): void {
  clearTimeout(pending);
  pending = setTimeout(() => history.replaceState(null, '', addressOfState(state)), SETTLE_MS);
}

/** A state to which "back" leads. */
export function pushAddress(state: State): void {
  clearTimeout(pending);
  history.pushState(null, '', addressOfState(state));
}
