import cors from '@fastify/cors';
import fastify from 'fastify';

const app = fastify();
await app.register(cors, { origin: ['https://app.example'], credentials: true });
app.all('/items', async (_request, reply) => reply.header('Cache-Control', 'max-age=60').send({}));
export default app;
