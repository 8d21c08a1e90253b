/** The pages that a run has reserved, each with the agent that will connect from it. */
import { randomBytes } from 'node:crypto';
import { agentScripts } from '../../fixtures/origins/bundle.ts';
import { makeSite, type OriginSite, type PageOptions } from '../../fixtures/origins/site.ts';
import { Agent } from './agent.ts';
import type { ReservedPage } from './world.ts';

export interface Pages {
  readonly site: OriginSite;
  reserve(options?: PageOptions): ReservedPage;
  close(): Promise<void>;
}

interface Reserved {
  readonly options: PageOptions;
  readonly agent: Agent;
  requested: boolean;
  connected: boolean;
}

/** Makes the origin site; who may reach it is for the caller to say. */
export async function makePages(): Promise<Pages> {
  const pages = new Map<string, Reserved>();
  const site = await makeSite({
    scripts: await agentScripts(),
    pageOptions: token => {
      const page = pages.get(token);
      if (page) page.requested = true;
      return page?.options;
    },
    // First come: the page that connected is the page, and whoever else has learnt its token is not.
    channelOf: token => {
      const page = pages.get(token);
      if (!page || page.connected) return null;
      return socket => {
        page.connected = true;
        page.agent.connect(socket);
      };
    },
  });
  return {
    site,
    reserve(options = {}) {
      const token = randomBytes(16).toString('hex');
      const page: Reserved = { options, agent: new Agent(), requested: false, connected: false };
      pages.set(token, page);
      return {
        path: `/agent/page?page=${token}`,
        agent: page.agent,
        get requested() {
          return page.requested;
        },
        release: () => void pages.delete(token),
      };
    },
    async close() {
      for (const { agent } of pages.values()) agent.close();
      await site.close();
    },
  };
}
