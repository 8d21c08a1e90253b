/** Echo 4 with its own middleware. */
import { type EchoRelease, echoConfiguration, echoGettingStarted } from './echo.ts';
import type { Stack } from './types.ts';

const RELEASE_4: EchoRelease = {
  module: 'github.com/labstack/echo/v4',
  context: 'echo.Context',
  originFunction: 'AllowOriginFunc: func(origin string) (bool, error)',
  verdict: allowed => `return ${allowed}, nil`,
};

const documentation = `https://pkg.go.dev/${RELEASE_4.module}/middleware#CORS`;

export const echoV4: Stack = {
  id: 'echo-v4',
  title: 'Echo 4',
  ecosystem: 'go',
  marks: { packages: [RELEASE_4.module], headers: [] },
  docs: `${documentation}Config`,
  configure: policy => echoConfiguration(policy, RELEASE_4),
  gettingStarted: echoGettingStarted(documentation, RELEASE_4, () => 'middleware.CORS()'),
};
