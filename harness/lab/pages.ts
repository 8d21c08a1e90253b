/** The pages that a run has reserved, each with the agent that will connect from it. */
import { randomBytes } from 'node:crypto';
import { agentScripts } from '../../fixtures/origins/bundle.ts';
import { makeSite, type PageOptions, type Site } from '../../fixtures/origins/site.ts';
import { Agent } from './agent.ts';
import type { ReservedPage } from './world.ts';

export interface Pages {
  readonly site: Site;
  reserve(options?: PageOptions): ReservedPage;
  close(): Promise<void>;
}

/** Makes the origin site; who may reach it is for the caller to say. */
export async function makePages(): Promise<Pages> {
  const token = randomBytes(16).toString('hex');
  const pages = new Map<string, { options: PageOptions; agent: Agent }>();
  const site = await makeSite({
    scripts: await agentScripts(),
    token,
    pageOptions: id => pages.get(id)?.options,
    onChannel: (id, socket) => {
      const page = pages.get(id);
      if (page) page.agent.connect(socket);
      else socket.terminate();
    },
  });
  return {
    site,
    reserve(options = {}) {
      const id = randomBytes(8).toString('hex');
      const agent = new Agent();
      pages.set(id, { options, agent });
      return { path: `/agent/page?page=${id}&token=${token}`, agent, release: () => void pages.delete(id) };
    },
    async close() {
      for (const { agent } of pages.values()) agent.close();
      await site.close();
    },
  };
}
