import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareEngines, engineTitle, familyOf, parseEngineName } from './engine-name.ts';

test('should take names apart', () => {
  assert.deepEqual(parseEngineName('firefox'), { name: 'firefox', family: 'firefox' });
  assert.deepEqual(parseEngineName('chromium@123.0.1'), {
    name: 'chromium@123.0.1',
    family: 'chromium',
    release: '123.0.1',
  });
  assert.deepEqual(parseEngineName('chromium=/opt/chrome@2=x'), {
    name: 'chromium=/opt/chrome@2=x',
    family: 'chromium',
    path: '/opt/chrome@2=x',
  });
  assert.deepEqual(parseEngineName('chrome-beta'), {
    name: 'chrome-beta',
    family: 'chromium',
    channel: 'chrome-beta',
  });
  assert.deepEqual(parseEngineName('happy-dom@20'), {
    name: 'happy-dom@20',
    family: 'happy-dom',
    release: '20',
  });
});

test('should know what names no engine', () => {
  for (const name of [
    '',
    'opera',
    'chromium@',
    'chromium@new',
    'webkit@17',
    'jsdom=/x',
    'happy',
    'model=/x',
    'webkit=/x',
    'Chromium',
    'constructor',
  ])
    assert.equal(parseEngineName(name), null, name);
});

test('should write engines as people do', () => {
  assert.deepEqual(
    ['chromium', 'chromium@123', 'firefox=/opt/firefox/firefox', 'msedge', 'model', 'servo'].map(engineTitle),
    ['Chromium', 'Chromium 123', 'Firefox (firefox)', 'Edge', 'Model', 'servo'],
  );
  assert.equal(familyOf('chromium@99'), 'chromium');
});

test('should order by family and release', () => {
  const names = [
    'model',
    'jsdom@26',
    'jsdom',
    'chromium@153',
    'webkit',
    'chromium@92',
    'firefox',
    'chromium',
    'chrome',
  ];
  assert.deepEqual(names.sort(compareEngines), [
    'chrome',
    'chromium',
    'chromium@92',
    'chromium@153',
    'firefox',
    'webkit',
    'jsdom',
    'jsdom@26',
    'model',
  ]);
});
