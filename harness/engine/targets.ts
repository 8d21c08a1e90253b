/**
 * Chromium's pages as bare DevTools targets, opened and closed over the browser's own session. What a driver switches
 * on inside a page (network events, console messages, scripts in every frame) costs time in every request, and no
 * user's browser does it.
 */

import type { CDPSession } from '@playwright/test';
import type { EngineContext, EnginePage } from './types.ts';
import { within } from './within.ts';

const CLOSE_TIMEOUT = 10_000;
const CLOSE_AGAIN = 1_000;

export class Targets {
  readonly #session: CDPSession;
  readonly #open = new Map<string, () => void>();

  private constructor(session: CDPSession) {
    this.#session = session;
  }

  /** @param onCrash called when the process of one of the pages has crashed */
  static async of(session: CDPSession, onCrash: () => void): Promise<Targets> {
    const targets = new Targets(session);
    session.on('Target.targetDestroyed', ({ targetId }) => targets.#open.get(targetId)?.());
    session.on('Target.targetCrashed', ({ targetId }) => {
      if (targets.#open.has(targetId)) onCrash();
    });
    await session.send('Target.setDiscoverTargets', { discover: true, filter: [{ type: 'page' }] });
    return targets;
  }

  async context(): Promise<EngineContext> {
    const { browserContextId } = await this.#session.send('Target.createBrowserContext', {});
    return {
      open: url => this.#openIn(browserContextId, url),
      close: async () => {
        await this.#session.send('Target.disposeBrowserContext', { browserContextId });
      },
    };
  }

  async #openIn(browserContextId: string, url: string): Promise<EnginePage> {
    const { targetId } = await this.#session.send('Target.createTarget', {
      url,
      browserContextId,
      background: true,
    });
    const destroyed = new Promise<void>(resolve => this.#open.set(targetId, resolve));
    void destroyed.then(() => this.#open.delete(targetId));
    await this.#wake(targetId);
    return { close: () => this.#close(targetId, destroyed, `${url} did not close`) };
  }

  /** What is hidden is throttled, and a tab behind another one is hidden; with this, each page believes it is in front. */
  async #wake(targetId: string): Promise<void> {
    const { sessionId } = await this.#session.send('Target.attachToTarget', { targetId });
    const message = { id: 1, method: 'Emulation.setFocusEmulationEnabled', params: { enabled: true } };
    await this.#session.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify(message) });
  }

  /** Chromium loses a request to close that comes while a navigation is being committed: it is asked again. */
  async #close(targetId: string, destroyed: Promise<void>, otherwise: string): Promise<void> {
    const ask = () => this.#session.send('Target.closeTarget', { targetId }).catch(() => undefined);
    const again = setInterval(ask, CLOSE_AGAIN);
    try {
      await within(
        ask().then(() => destroyed),
        CLOSE_TIMEOUT,
        otherwise,
      );
    } finally {
      clearInterval(again);
    }
  }
}
