/** What a Selenium Grid says of itself before it is asked for a session. */

/** The browser of a Grid that stands for an engine. */
export interface GridBrowser {
  /** The W3C capability. */
  readonly browserName: string;
  /** How many sessions of it there may be at a time. */
  readonly slots: number;
}

interface Status {
  readonly value?: {
    readonly nodes?: readonly {
      readonly slots?: readonly { readonly stereotype?: { readonly browserName?: string } }[];
    }[];
  } | null;
}

const ANSWER_MS = 5_000;

/**
 * Asks a WebDriver server for the first of these browsers that it has.
 * @returns null if it is a server without nodes, which says nothing of its browsers
 * @throws Error, in words, if it does not answer or has none of them
 */
export async function gridBrowser(
  url: string,
  names: readonly string[],
  timeoutMs: number,
): Promise<GridBrowser | null> {
  const nodes = (await statusOf(url, Math.min(timeoutMs, ANSWER_MS))).value?.nodes;
  if (!nodes) return null;
  const slots = nodes.flatMap(node =>
    (node.slots ?? []).map(({ stereotype }) => stereotype?.browserName ?? ''),
  );
  for (const wanted of names) {
    const own = slots.filter(one => one.toLowerCase() === wanted.toLowerCase());
    const [browserName] = own;
    if (browserName) return { browserName, slots: own.length };
  }
  const has = [...new Set(slots)].join(', ') || 'no browser';
  throw new Error(`the Grid at ${url} has no ${names.join(' or ')}: it has ${has}`);
}

async function statusOf(url: string, timeoutMs: number): Promise<Status> {
  let answer: Response;
  try {
    answer = await fetch(`${url.replace(/\/$/, '')}/status`, { signal: AbortSignal.timeout(timeoutMs) });
  } catch (error) {
    const { name, cause } = error as Error & { readonly cause?: NodeJS.ErrnoException };
    const why =
      name === 'TimeoutError' ? `within ${timeoutMs / 1000} s` : `(${cause?.code ?? cause?.message ?? name})`;
    throw new Error(`the WebDriver server at ${url} does not answer ${why}; start it, or correct its URL`);
  }
  return (await answer.json().catch(() => ({}))) as Status;
}
