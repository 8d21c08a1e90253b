import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SaxesParser } from 'saxes';
import { FAKES, fake, fakeRecord, fakeRun, HOSTILE, poison } from './fake-record.test-support.ts';
import { renderJunit } from './junit.ts';

interface Node {
  name: string;
  attributes: Record<string, string>;
  children: Node[];
  text: string;
}

/** A strict parser: anything that is not well-formed XML 1.0 throws. */
function parse(xml: string): Node {
  const root: Node = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  const parser = new SaxesParser();
  parser.on('error', error => {
    throw error;
  });
  parser.on('opentag', tag => {
    const node: Node = {
      name: tag.name,
      attributes: tag.attributes as Record<string, string>,
      children: [],
      text: '',
    };
    open.at(-1)?.children.push(node);
    open.push(node);
  });
  parser.on('text', text => {
    const node = open.at(-1);
    if (node) node.text += text;
  });
  parser.on('closetag', () => open.pop());
  parser.write(xml).close();
  const top = root.children[0];
  assert.ok(top);
  return top;
}

const all = (node: Node, name: string): Node[] => [
  ...(node.name === name ? [node] : []),
  ...node.children.flatMap(child => all(child, name)),
];

const only = (node: Node, name: string): Node => {
  const found = all(node, name);
  assert.equal(found.length, 1, `${found.length} × ${name}`);
  return found[0] as Node;
};

const render = (status: keyof typeof FAKES): Node =>
  parse(renderJunit(fakeRecord([fake('a-case', 'webkit', status)])));

describe('renderJunit', () => {
  it('should name a test case by id and title, and its class by suite and engine', () => {
    const { attributes } = only(render('pass'), 'testcase');
    assert.equal(attributes.name, 'a-case · a PUT with an author header is preflighted and then sent');
    assert.equal(attributes.classname, 'preflight.webkit');
    assert.equal(attributes.time, '0.013');
  });

  const expected: Record<keyof typeof FAKES, string | null> = {
    pass: null,
    info: null,
    known: null,
    fail: 'failure',
    unlisted: 'failure',
    stale: 'failure',
    'harness-error': 'error',
    'not-applicable': 'skipped',
    'not-run': 'skipped',
  };
  for (const [status, element] of Object.entries(expected) as [keyof typeof FAKES, string | null][]) {
    it(`should write ${status} as ${element ?? 'a pass'} and count it once`, () => {
      const root = render(status);
      const children = only(root, 'testcase')
        .children.map(child => child.name)
        .filter(name => name !== 'properties');
      assert.deepEqual(children, element ? [element] : []);
      for (const node of [root, only(root, 'testsuite')]) {
        const { tests, failures, errors, skipped } = node.attributes;
        const counts = { failure: failures, error: errors, skipped };
        assert.equal(tests, '1');
        for (const [name, count] of Object.entries(counts))
          assert.equal(count, name === element ? '1' : '0', name);
      }
    });
  }

  it('should say what was expected and observed, whose fault it is, and how to run it again', () => {
    const { text, attributes } = only(render('fail'), 'failure');
    assert.match(attributes.message ?? '', /expected readable, observed blocked at preflight/);
    for (const part of [
      /expected: OPTIONS, PUT\n {2}observed: OPTIONS\n/,
      /fault: the server/,
      /fix: Add PUT/,
      /rerun: npx cors-conformance run --only a-case --engine webkit/,
    ]) {
      assert.match(text, part);
    }
  });

  it('should carry a known deviation as a property with its link', () => {
    const pairs = Object.fromEntries(
      all(render('known'), 'property').map(p => [p.attributes.name, p.attributes.value]),
    );
    assert.equal(pairs.deviation, 'zero-is-cached');
    assert.equal(pairs['deviation.link'], 'https://example.org/bugs/1');
  });

  it('should show an engine that did not run as skipped, with the way to get it', () => {
    const record = fakeRecord([fake('a-case', 'chromium', 'pass')]);
    record.engines.push({
      name: 'webkit',
      version: '',
      build: '',
      channel: '',
      os: '',
      driver: '',
      notRun: 'no driver',
      fix: 'apt-get install it',
    });
    const root = parse(renderJunit(record));
    assert.equal(root.attributes.tests, '2');
    assert.equal(root.attributes.skipped, '1');
    assert.equal(only(root, 'skipped').attributes.message, 'no driver; get it with: apt-get install it');
  });

  it('should count every result of a long run exactly once', () => {
    const record = fakeRun(140);
    const root = parse(renderJunit(record));
    const sum = (name: string): number =>
      all(root, 'testsuite').reduce((n, node) => n + Number(node.attributes[name]), 0);
    assert.equal(all(root, 'testcase').length, record.results.length);
    for (const [name, element] of [
      ['failures', 'failure'],
      ['errors', 'error'],
      ['skipped', 'skipped'],
    ] as const) {
      assert.equal(sum(name), all(root, element).length);
      assert.equal(Number(root.attributes[name]), sum(name));
      assert.ok(sum(name) > 0, name);
    }
  });

  it('should stay well-formed and keep its structure whatever the texts are', () => {
    const record = fakeRecord(
      Object.keys(FAKES).map((status, n) => fake(`case-${n}`, 'firefox', status as keyof typeof FAKES)),
    );
    const plain = parse(renderJunit(record));
    const hostile = parse(renderJunit(poison(record)));
    const shape = (node: Node): unknown[] => [
      node.name,
      Object.keys(node.attributes),
      node.children.map(shape),
    ];
    assert.deepEqual(shape(hostile), shape(plain));
    assert.ok(all(hostile, 'testcase').every(node => node.attributes.name?.includes('<img src=x')));
    assert.ok(HOSTILE.includes('\u0000'));
  });
});
