/** NestJS on Express, its default adapter. */
import { NEST_DOCS, NEST_GETTING_STARTED, nestConfiguration } from './nestjs.ts';
import type { Stack } from './types.ts';

export const nestjsExpress: Stack = {
  id: 'nestjs-express',
  title: 'NestJS on Express',
  ecosystem: 'npm',
  aliases: ['nestjs', 'nest'],
  marks: { packages: ['@nestjs/platform-express', '@nestjs/core'], on: ['express', 'cors'], headers: [] },
  docs: NEST_DOCS,
  configure: policy =>
    nestConfiguration(policy, 'request.path', 'The default would allow PUT, PATCH and DELETE.'),
  gettingStarted: NEST_GETTING_STARTED,
};
