import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutItself } from './sample-without-itself.ts';

const root = {
  components: {
    schemas: {
      node: {
        required: ['name', 'children'],
        properties: {
          name: { type: 'string' },
          parent: { $ref: '#/components/schemas/node' },
          children: { type: 'array', items: { $ref: '#/components/schemas/node' } },
          links: { type: 'array', items: { $ref: '#/components/schemas/node' } },
          owner: { $ref: '#/components/schemas/user' },
        },
      },
      user: {
        properties: { id: { type: 'number' }, nodes: { items: { $ref: '#/components/schemas/node' } } },
      },
      leaf: {
        allOf: [
          { $ref: '#/components/schemas/node' },
          { properties: { twin: { $ref: '#/components/schemas/leaf' } } },
        ],
      },
    },
  },
};

const of = (name: string) => ({ $ref: `#/components/schemas/${name}` });

test('should leave out optional members that hold what they are part of', () => {
  const node = { name: 'a', parent: {}, children: [{}], links: [{}], owner: { id: 1, nodes: [{}] } };
  const right = { name: 'a', children: [], owner: { id: 1 } };
  assert.deepEqual(withoutItself(node, of('node'), root), right);
  assert.deepEqual(withoutItself([node], { items: of('node') }, root), [right]);
  assert.deepEqual(withoutItself({ ...node, twin: {} }, of('leaf'), root), right);
});

test('should leave what is no part of itself as it is', () => {
  const user = { id: 1, nodes: [{ name: 'a', children: [] }], more: { any: [null, 'x'] } };
  assert.deepEqual(withoutItself(user, of('user'), root), user);
  for (const value of [null, 'text', 1, [], {}]) assert.deepEqual(withoutItself(value, {}, root), value);
});
