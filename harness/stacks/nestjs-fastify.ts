/** NestJS on Fastify. */
import { NEST_DOCS, NEST_GETTING_STARTED, nestConfiguration } from './nestjs.ts';
import type { Stack } from './types.ts';

export const nestjsFastify: Stack = {
  id: 'nestjs-fastify',
  title: 'NestJS on Fastify',
  ecosystem: 'npm',
  marks: {
    packages: ['@nestjs/platform-fastify', '@nestjs/core'],
    on: ['fastify', '@fastify/cors'],
    headers: [],
  },
  docs: NEST_DOCS,
  configure: policy =>
    nestConfiguration(policy, "request.url.split('?')[0]", 'The default is GET, HEAD and POST.'),
  gettingStarted: NEST_GETTING_STARTED,
};
