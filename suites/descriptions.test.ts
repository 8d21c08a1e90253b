import assert from 'node:assert/strict';
import { it } from 'node:test';
import { describeCase } from '../harness/case/describe.ts';
import { proseFaults } from '../harness/case/prose.test-support.ts';
import { suites } from './index.ts';

it('should describe every case in plain sentences', () => {
  const faults = suites.flatMap(suite =>
    suite.cases.flatMap(theCase =>
      describeCase(theCase).flatMap(sentence =>
        proseFaults(sentence, { kind: 'sentence', most: 1100 }).map(
          fault => `${theCase.id}: ${fault}: ${sentence}`,
        ),
      ),
    ),
  );
  assert.deepEqual(faults.slice(0, 5), [], `${faults.length} faults`);
});

it('should begin the description of every case with HTTP, never with a name of the lab', () => {
  for (const suite of suites)
    for (const theCase of suite.cases) {
      const [first = ''] = describeCase(theCase).filter(
        sentence => !/^(?:The page is|Its service)/.test(sentence),
      );
      assert.match(
        first,
        /^(?:Step 1(?: \([^)]+\))?: )?`[^ `]+[^`]*` (?:\([\d,]+ characters\) )?(?:from|for a blob: URL)/,
        theCase.id,
      );
    }
});
