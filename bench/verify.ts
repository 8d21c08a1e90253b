/** How long `verify` takes, from the command to its exit: a small server, a slow one, and one with many resources. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../harness/process/command.ts';
import { recordSchema } from '../harness/verdict/record.ts';

/** A server that does as declared; DELAY milliseconds an answer. */
const SERVER = `
import { createServer } from 'node:http';
createServer((request, response) => setTimeout(() => {
  const { origin } = request.headers;
  response.setHeader('Vary', 'Origin');
  if (/^https:\\/\\/(?:app|admin|shop)\\.example\\.com$/.test(origin)) {
    response.setHeader('Access-Control-Allow-Origin', origin);
    response.setHeader('Access-Control-Allow-Credentials', 'true');
  }
  response.statusCode = request.url.startsWith('/r') ? 200 : 404;
  if (request.method === 'OPTIONS') {
    response.setHeader('Access-Control-Allow-Methods', 'GET, PUT');
    response.setHeader('Access-Control-Allow-Headers', 'x-api');
    response.setHeader('Access-Control-Max-Age', '600');
    response.statusCode = 204;
  }
  response.end(request.method === 'OPTIONS' ? undefined : '{}');
}, Number(process.env.DELAY))).listen(process.env.PORT);
`;

interface Subject {
  readonly what: string;
  readonly resources: number;
  readonly origins: readonly string[];
  readonly delayMs: number;
  /** Of `--engine`. */
  readonly engines: string;
  readonly goalSeconds: number;
}

const origins = ['app', 'admin', 'shop'].map(name => `https://${name}.example.com`);
const small = { resources: 1, origins: origins.slice(0, 1), delayMs: 0 };

/** @param engines those that are here, by comma */
export const verifySubjects = (engines: string): Subject[] => [
  { what: `a small server, ${engines}`, ...small, engines, goalSeconds: 12 },
  { what: 'a small server, model', ...small, engines: 'model', goalSeconds: 1.5 },
  { what: '200 ms an answer, model', ...small, delayMs: 200, engines: 'model', goalSeconds: 10 },
  {
    what: `12 resources for 3 origins, ${engines}`,
    resources: 12,
    origins,
    delayMs: 0,
    engines,
    goalSeconds: 40,
  },
];

export interface VerifyTime {
  readonly seconds: number;
  readonly requests: number;
  readonly preflights: number;
  readonly pages: number;
}

/**
 * Verifies a server of this module in a process of its own.
 * @param program the script of the compiled package
 * @throws Error if it finds anything, for there is nothing to find
 */
export async function measureVerify(subject: Subject, program: string): Promise<VerifyTime> {
  const folder = mkdtempSync(join(tmpdir(), 'cors-conformance-bench-'));
  try {
    writeFileSync(join(folder, 'server.mjs'), SERVER);
    const config = join(folder, 'cors.config.json');
    const resources = Array.from({ length: subject.resources }, (_, n) => ({ path: `/r${n}` }));
    const policy = { origins: subject.origins, credentials: true, methods: ['GET', 'PUT'] };
    writeFileSync(
      config,
      JSON.stringify({
        target: { command: 'node server.mjs', env: { DELAY: String(subject.delayMs) } },
        policy: { ...policy, requestHeaders: ['x-api'], maxAge: 600, resources },
      }),
    );
    const out = join(folder, 'out');
    const began = performance.now();
    const { ok, end, stdout } = await runCommand(
      [process.execPath, program, 'verify', config, '--engine', subject.engines, '--out', out],
      { cwd: folder },
    );
    const seconds = (performance.now() - began) / 1000;
    if (!ok) throw new Error(`verify ${end}: ${stdout}`);
    const { run } = recordSchema.parse(JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')));
    const { requests = 0, preflights = 0, pages = 0 } = run;
    return { seconds, requests, preflights, pages };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
