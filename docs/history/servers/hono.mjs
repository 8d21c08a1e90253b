import { Hono } from 'hono';
import { cors } from 'hono/cors';

const app = new Hono();
app.use('*', cors({ origin: ['https://app.example'], credentials: true }));
app.all('/items', context => context.json({}));
export default app;
