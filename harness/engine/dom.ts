/** Engines that are DOM libraries, jsdom and happy-dom: a process of their own opens pages in the library's own windows. */
import { writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { extname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Ability } from '../case/abilities.ts';
import type { DomFamily } from '../case/engine-name.ts';
import { type Child, endWords } from '../process/child.ts';
import { newTree, type ProcessTree } from '../process/tree.ts';
import type { DomAnswer, DomOrder, DomReady } from './dom-protocol.ts';
import { browserEnvironment } from './environment.ts';
import { Lifetime } from './lifetime.ts';
import { describeOs } from './system.ts';
import type { Engine, EngineContext, EngineInfo, EnginePage, LaunchOptions } from './types.ts';
import { within } from './within.ts';

const START_TIMEOUT = 60_000;
const CLOSE_TIMEOUT = 10_000;

/** In each process and thread of the library: names below localhost are this machine, as in every browser. */
const LOCAL_NAMES = `const dns = require('node:dns'), { lookup } = dns;
dns.lookup = (name, ...rest) => lookup(/(^|\\.)localhost\\.?$/i.test(name) ? 'localhost' : name, ...rest);
`;

/**
 * Starts a DOM library that is installed in a folder.
 * @throws Error when it cannot be loaded within `timeoutMs` (60 s where omitted), or a proxy is asked for
 */
export async function launchDom(
  name: DomFamily,
  folder: string,
  channel: string,
  options: LaunchOptions = {},
): Promise<Engine> {
  if (options.proxy) throw new Error(`${name} takes no proxy, and this command needs one`);
  const tree = newTree();
  try {
    const child = await startHost(name, folder, tree);
    const link = new HostLink(child);
    const ready = await within(link.ready, options.timeoutMs ?? START_TIMEOUT, `${name} did not start`);
    // Seen now, its processes are recognised even while they end.
    tree.pids();
    const info: EngineInfo = {
      name,
      version: ready.version,
      build: `${name} ${ready.version} from npm, Node ${process.versions.node}`,
      channel,
      os: describeOs(),
      driver: 'its own windows, in a process of Node',
    };
    return new DomEngine(info, new Set(ready.lacks), link, tree);
  } catch (error) {
    await tree.end(0);
    throw error;
  }
}

async function startHost(name: DomFamily, folder: string, tree: ProcessTree): Promise<Child> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`./dom-host${extname(import.meta.url)}`, import.meta.url))],
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
    logLevel: 'silent',
  });
  const host = join(tree.folder, 'dom-host.mjs');
  const names = join(tree.folder, 'local-names.cjs');
  writeFileSync(host, outputFiles[0]?.text ?? '');
  writeFileSync(names, LOCAL_NAMES);
  const env = {
    ...browserEnvironment(tree),
    // By the environment, since synchronous requests run in a thread or a process that the library starts.
    NODE_OPTIONS: `--require=${JSON.stringify(names)}`,
    NODE_TLS_REJECT_UNAUTHORIZED: '0',
    NODE_NO_WARNINGS: '1',
  };
  return tree.start([process.execPath, host, name, folder], { env, output: 'ignore', extraPipe: true });
}

/** Orders to the process, and its answers. */
class HostLink {
  readonly #socket: Socket;
  readonly #child: Child;
  readonly #waiting = new Map<number, { resolve(): void; reject(error: Error): void }>();
  #next = 1;
  readonly ready: Promise<DomReady>;
  /** Resolves when the process has ended, with words. */
  readonly ended: Promise<string>;

  constructor(child: Child) {
    this.#child = child;
    this.#socket = child.extra as Socket;
    this.ended = child.ended.then(endWords);
    this.ready = new Promise((resolve, reject) => {
      createInterface({ input: this.#socket }).on('line', line => {
        const message = JSON.parse(line) as DomReady | DomAnswer;
        if ('id' in message) this.#answered(message);
        else resolve(message);
      });
      this.ended.then(how => reject(new Error(`the process ${how}`)));
    });
    this.ready.catch(() => undefined);
    this.ended.then(how => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`the process ${how}`));
      this.#waiting.clear();
    });
  }

  #answered({ id, error }: DomAnswer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve();
    else waiting?.reject(new Error(error));
  }

  /** Has an order carried out. @returns its number. @throws Error with what the library says */
  order(order: DistributiveOmit<DomOrder, 'id'>): { id: number; done: Promise<void> } {
    const id = this.#next++;
    const done = new Promise<void>((resolve, reject) => {
      if (!this.#child.running) reject(new Error('the process has ended'));
      this.#waiting.set(id, { resolve, reject });
      this.#socket.write(`${JSON.stringify({ ...order, id })}\n`);
    });
    return { id, done };
  }
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

class DomEngine implements Engine {
  readonly info: EngineInfo;
  readonly lacks: ReadonlySet<Ability>;
  readonly #link: HostLink;
  readonly #tree: ProcessTree;
  readonly #life: Lifetime;
  #contexts = 0;

  constructor(info: EngineInfo, lacks: ReadonlySet<Ability>, link: HostLink, tree: ProcessTree) {
    this.info = info;
    this.lacks = lacks;
    this.#link = link;
    this.#tree = tree;
    this.#life = new Lifetime(`${info.name} ${info.version}`, () => tree.end());
    link.ended.then(how => this.#life.gone(how));
  }

  get alive(): boolean {
    return this.#life.alive;
  }

  get pids(): readonly number[] {
    return this.#tree.pids();
  }

  open(url: string): Promise<EnginePage> {
    return this.#openIn(0, url);
  }

  async isolated(): Promise<EngineContext> {
    this.#life.assertAlive();
    const context = ++this.#contexts;
    return {
      open: url => this.#openIn(context, url),
      close: () => this.#quietly({ do: 'leave', context }),
    };
  }

  onGone(listener: (reason: string) => void): void {
    this.#life.onGone(listener);
  }

  close(): Promise<void> {
    return this.#life.close();
  }

  async #openIn(context: number, url: string): Promise<EnginePage> {
    this.#life.assertAlive();
    const { id, done } = this.#link.order({ do: 'open', url, context });
    await done;
    return { close: () => this.#quietly({ do: 'close', page: id }) };
  }

  #quietly(order: DistributiveOmit<DomOrder, 'id'>): Promise<void> {
    return this.#life.quietly(
      within(this.#link.order(order).done, CLOSE_TIMEOUT, `${this.info.name} did not ${order.do}`),
    );
  }
}
