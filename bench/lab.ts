/** What the lab adds to the requests themselves: the same requests through it and in a bare loop, in turns. */
import { type Case, caseSchema } from '../harness/case/schema.ts';
import { type BoundCase, urlOf } from '../harness/case/script.ts';
import type { Engine } from '../harness/engine/types.ts';
import { Lab } from '../harness/lab/lab.ts';
import type { World } from '../harness/lab/world.ts';
import { SPEC } from '../harness/standard/spec.ts';
import { type BarePage, openBarePage } from './bare.ts';

export interface Measured {
  /** Milliseconds per request: the median of all rounds. */
  readonly bare: number;
  readonly lab: number;
  /** The median of the rounds' own ratios, which load from outside disturbs less. */
  readonly ratio: number;
}

export interface Work {
  readonly count: number;
  readonly together: boolean;
  readonly case: Case;
}

const allow: [string, string] = ['Access-Control-Allow-Origin', '*'];

/** Simple GETs, one after another. */
export const sequentialGets = (count: number): Work => ({
  count,
  together: false,
  case: caseSchema.parse({
    id: 'bench-get',
    title: 'A simple GET',
    spec: [SPEC.corsProtocol],
    steps: [{ request: {}, server: { actual: { headers: [allow] } }, expect: { outcome: 'readable' } }],
  }),
});

/** PUTs with a preflight each, all under way at once. */
export const putsAtOnce = (count: number): Work => ({
  count,
  together: true,
  case: caseSchema.parse({
    id: 'bench-put',
    title: 'A preflighted PUT',
    spec: [SPEC.corsProtocol],
    steps: [
      {
        request: { method: 'PUT' },
        server: {
          preflight: { headers: [allow, ['Access-Control-Allow-Methods', 'PUT']] },
          actual: { headers: [allow] },
        },
        expect: { outcome: 'readable', preflight: 'sent', actual: 'sent' },
      },
    ],
  }),
});

/** Takes turns, so that what else the machine does meets both alike; the first round of each is not counted. */
export async function measureLab(
  engine: Engine,
  world: World,
  work: Work,
  rounds: number,
): Promise<Measured> {
  const lab = new Lab(engine, world, { atOnce: work.together ? work.count : 1 });
  const page = await openBarePage(engine);
  const times: { bare: number; lab: number }[] = [];
  try {
    for (let round = 0; round <= rounds; round++) {
      const bare = await throughPage(page, world, work);
      const lab_ = await throughLab(lab, work);
      if (round > 0) times.push({ bare: bare / work.count, lab: lab_ / work.count });
    }
  } finally {
    await page.close();
    await lab.close();
  }
  return {
    bare: median(times.map(one => one.bare)),
    lab: median(times.map(one => one.lab)),
    ratio: median(times.map(one => one.lab / one.bare)),
  };
}

let nonces = 0;

async function throughPage(page: BarePage, world: World, work: Work): Promise<number> {
  const nonce = `bare${String(++nonces).padStart(12, '0')}`;
  const scene: BoundCase = { case: work.case, nonce, ports: world.ports };
  const run = world.start(scene);
  run.begin(0);
  try {
    const { request } = work.case.steps[0] as { request: { method?: string } };
    return await page.run({
      url: urlOf(scene, 'main'),
      count: work.count,
      init: request.method === undefined ? {} : { method: request.method },
      together: work.together,
    });
  } finally {
    world.stop(run);
  }
}

async function throughLab(lab: Lab, { case: one, count }: Work): Promise<number> {
  const began = performance.now();
  const observed = await Promise.all(Array.from({ length: count }, () => lab.observe(one)));
  const took = performance.now() - began;
  const failed = observed.find(({ observation }) => observation.steps[0]?.script.settled !== 'resolved');
  if (failed) throw new Error(`a request of the benchmark failed: ${JSON.stringify(failed.observation)}`);
  return took;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
