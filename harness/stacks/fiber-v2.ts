/** Fiber 2 with its own middleware. */
import { type FiberRelease, fiberConfiguration, fiberGettingStarted } from './fiber.ts';
import { quoted } from './print.ts';
import type { Stack } from './types.ts';

const RELEASE_2: FiberRelease = {
  module: 'github.com/gofiber/fiber/v2',
  context: '*fiber.Ctx',
  list: values => quoted(values.join(',')),
  privateNetwork: false,
};

const documentation = 'https://docs.gofiber.io/v2.x/api/middleware/cors';

export const fiberV2: Stack = {
  id: 'fiber-v2',
  title: 'Fiber 2',
  ecosystem: 'go',
  marks: { packages: [RELEASE_2.module], headers: [] },
  docs: documentation,
  configure: policy => fiberConfiguration(policy, RELEASE_2),
  gettingStarted: fiberGettingStarted(`${documentation}#examples`, RELEASE_2),
};
