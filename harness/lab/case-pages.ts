/** The pages that cases run on: shared by all cases whose page is served alike, or for one case alone. */
import type { Case } from '../case/schema.ts';
import type { Engine, EngineContext } from '../engine/types.ts';
import { type Agent, AgentError } from './agent.ts';
import { byEngine } from './lab-error.ts';
import { closePage, leavePage, type OpenPage, PageOpener } from './page-opener.ts';
import type { World } from './world.ts';

/** The pages of one case while it runs. */
export interface CasePages {
  /** The agent in the case's page on this origin, which is opened if it is not open yet. @throws LabError */
  agentOn(origin: string): Promise<Agent>;
  /** The case has ended. What it left in a page that others share is disposed of; its own pages close. */
  release(): Promise<void>;
}

/** A page that cases share, for as long as it stays open. */
interface SharedPage {
  readonly opening: Promise<OpenPage>;
  /** How many cases have it in use or wait for it. */
  users: number;
  /** It could not be opened, and nobody has been told. */
  failed: boolean;
}

export interface PagePoolOptions {
  /** Milliseconds after which a page is given up. */
  readonly pageMs: number;
  /** How many shared pages stay open for later cases; those in use do in any case. */
  readonly maxPages: number;
}

/** All pages of one engine. */
export class PagePool {
  readonly #engine: Engine;
  readonly #options: PagePoolOptions;
  readonly #opener: PageOpener;
  readonly #shared = new Map<string, SharedPage>();

  constructor(engine: Engine, world: World, options: PagePoolOptions) {
    this.#engine = engine;
    this.#options = options;
    this.#opener = new PageOpener(engine, world, options.pageMs);
    engine.onGone(reason => this.#lose(reason));
  }

  #lose(reason: string): void {
    for (const { opening } of this.#shared.values()) {
      opening.then(
        open => open.agent.fail(new AgentError(`the browser went away: ${reason}`)),
        () => undefined,
      );
    }
    this.#shared.clear();
  }

  /** The pages of a case that begins now. @throws LabError */
  async of(theCase: Case, nonce: string): Promise<CasePages> {
    return theCase.fresh
      ? this.#own(theCase, nonce, await byEngine(this.#engine.isolated()))
      : this.#sharing(theCase, nonce);
  }

  /** Pages in a context that nobody else has. */
  #own(theCase: Case, nonce: string, context: EngineContext): CasePages {
    const pages = new Map<string, OpenPage>();
    return {
      agentOn: async origin => {
        const open = pages.get(origin) ?? (await this.#open(context, origin, theCase));
        pages.set(origin, open);
        return open.agent;
      },
      release: async () => {
        for (const open of pages.values()) {
          open.agent.dispose(nonce);
          await closePage(open);
        }
        await context.close().catch(() => undefined);
      },
    };
  }

  #sharing(theCase: Case, nonce: string): CasePages {
    const pages = new Map<string, SharedPage>();
    return {
      agentOn: async origin => {
        const page = pages.get(origin) ?? this.#share(origin, theCase);
        pages.set(origin, page);
        return (await page.opening).agent;
      },
      release: async () => {
        for (const page of pages.values()) {
          await page.opening.then(
            ({ agent }) => agent.dispose(nonce),
            () => undefined,
          );
          page.users--;
        }
      },
    };
  }

  /** Opens the page that a case will begin on, unless it will be its own. What goes wrong is told when the case runs. */
  prepare(theCase: Case, origin: string): void {
    // One that has failed stays so until its case asks for it.
    if (!theCase.fresh && !this.#shared.has(keyOf(origin, theCase))) this.#share(origin, theCase).users--;
  }

  /** The page of an origin, for cases whose page is served alike. It stays open while it has users. */
  #share(origin: string, theCase: Case): SharedPage {
    const key = keyOf(origin, theCase);
    const known = this.#shared.get(key);
    if (known) {
      known.users++;
      if (known.failed) this.#shared.delete(key);
      return known;
    }
    this.#makeRoom();
    const shared = { opening: this.#open(this.#engine, origin, theCase), users: 1, failed: false };
    const forget = () => {
      if (this.#shared.get(key) === shared) this.#shared.delete(key);
    };
    this.#shared.set(key, shared);
    shared.opening.then(
      open => open.agent.gone.then(forget),
      () => {
        if (shared.users > 0) forget();
        else shared.failed = true;
      },
    );
    return shared;
  }

  /** Closes the pages that were opened first and are not in use, where no more may stay open. */
  #makeRoom(): void {
    for (const [key, { opening, users }] of this.#shared) {
      if (this.#shared.size < this.#options.maxPages) return;
      if (users > 0) continue;
      this.#shared.delete(key);
      opening.then(closePage, () => undefined);
    }
  }

  async #open(context: Pick<EngineContext, 'open'>, origin: string, theCase: Case): Promise<OpenPage> {
    return this.#opener.open(context, origin, {
      ...(theCase.csp !== undefined && { csp: theCase.csp }),
      ...(theCase.pageHeaders && { headers: theCase.pageHeaders }),
    });
  }

  /** Opens a page, waits until it is there, and closes it: for what its response headers do. @throws LabError */
  async visit(origin: string, headers: readonly (readonly [string, string])[]): Promise<void> {
    await closePage(await this.#opener.open(this.#engine, origin, { headers }));
  }

  /** Lets go of the shared pages: their browser is about to be closed, which takes a moment for each of them otherwise. */
  leave(): void {
    for (const { opening } of this.#shared.values()) opening.then(leavePage, () => undefined);
    this.#shared.clear();
  }

  /** Closes the shared pages; the others are closed by the cases whose they are. */
  async close(): Promise<void> {
    const all = [...this.#shared.values()];
    this.#shared.clear();
    await Promise.all(all.map(({ opening }) => opening.then(closePage, () => undefined)));
  }
}

/** Cases whose pages are served alike share them. */
const keyOf = (origin: string, { csp, pageHeaders }: Case): string =>
  JSON.stringify([origin, csp, pageHeaders]);
