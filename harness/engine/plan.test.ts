import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Facts, installCommandFor, narrowStep, planInstall } from './plan.ts';
import { ENGINES } from './types.ts';

const DEBIAN: Facts = {
  system: 'debian',
  root: true,
  sudo: false,
  apt: true,
  downloads: false,
  missing: ENGINES,
};
const UBUNTU: Facts = { ...DEBIAN, system: 'ubuntu', root: false };

const commandsOf = (facts: Facts) =>
  planInstall(facts).steps.flatMap(step => step.commands.map(command => command.join(' ')));

describe('planInstall', () => {
  test('should do nothing when nothing is missing', () => {
    assert.deepEqual(planInstall({ ...DEBIAN, downloads: true, missing: [] }), { steps: [], byHand: [] });
  });

  test('should try the download first, then the packages, on Debian as root', () => {
    assert.deepEqual(commandsOf({ ...DEBIAN, downloads: true }), [
      'npx playwright install --no-shell --with-deps chromium firefox webkit',
      'apt-get update',
      'apt-get install -y --no-install-recommends chromium firefox-esr webkit2gtk-driver xvfb',
    ]);
  });

  test('should go straight to the packages where the download is out of reach', () => {
    assert.deepEqual(commandsOf({ ...DEBIAN, missing: ['webkit'] }), [
      'apt-get update',
      'apt-get install -y --no-install-recommends webkit2gtk-driver xvfb',
    ]);
  });

  test('should never ask sudo for a password', () => {
    assert.deepEqual(commandsOf({ ...UBUNTU, sudo: true, missing: ['webkit'] }), [
      'sudo -n apt-get update',
      'sudo -n apt-get install -y --no-install-recommends webkit2gtk-driver xvfb',
    ]);
    assert.deepEqual(commandsOf({ ...UBUNTU, sudo: false }), []);
  });

  test('should not install the snaps that stand behind Ubuntu packages', () => {
    assert.deepEqual(commandsOf({ ...UBUNTU, sudo: true, missing: ['chromium', 'firefox'] }), []);
    assert.deepEqual(planInstall({ ...UBUNTU, missing: ['chromium', 'webkit'] }).byHand, [
      { engine: 'chromium', command: 'npx playwright install --with-deps chromium' },
      { engine: 'webkit', command: 'sudo apt-get install -y webkit2gtk-driver xvfb' },
    ]);
  });

  test('should download without libraries where it may not install any', () => {
    assert.deepEqual(commandsOf({ ...UBUNTU, downloads: true, missing: ['firefox'] }), [
      'npx playwright install --no-shell firefox',
    ]);
  });

  for (const system of ['macos', 'windows', 'linux'] as const) {
    test(`should leave only the download on ${system}`, () => {
      const facts: Facts = { ...UBUNTU, system, apt: false, downloads: true };
      assert.deepEqual(commandsOf(facts), ['npx playwright install --no-shell chromium firefox webkit']);
      assert.deepEqual(commandsOf({ ...facts, downloads: false }), []);
      assert.deepEqual(planInstall({ ...facts, downloads: false }).byHand, [
        { engine: 'chromium', command: 'npx playwright install chromium' },
        { engine: 'firefox', command: 'npx playwright install firefox' },
        { engine: 'webkit', command: 'npx playwright install webkit' },
      ]);
    });
  }

  test('should bound every step', () => {
    for (const step of planInstall({ ...DEBIAN, downloads: true }).steps) {
      assert.ok(step.limitMs > 0 && step.limitMs <= 10 * 60_000);
    }
  });
});

describe('narrowStep', () => {
  const [download, packages] = planInstall({ ...DEBIAN, downloads: true }).steps;

  test('should leave out what an earlier step has brought', () => {
    assert.ok(download && packages);
    assert.deepEqual(
      narrowStep(packages, { ...DEBIAN, missing: ['firefox'] })
        ?.commands.at(-1)
        ?.slice(-2),
      ['--no-install-recommends', 'firefox-esr'],
    );
    assert.equal(narrowStep(packages, { ...DEBIAN, missing: [] }), undefined);
    assert.deepEqual(narrowStep(download, { ...DEBIAN, missing: ['webkit'] })?.engines, ['webkit']);
  });
});

describe('fixFor', () => {
  test('should name sudo only where it is needed', () => {
    assert.equal(installCommandFor('chromium', 'debian', true), 'apt-get install -y chromium');
    assert.equal(installCommandFor('chromium', 'debian', false), 'sudo apt-get install -y chromium');
  });
});
