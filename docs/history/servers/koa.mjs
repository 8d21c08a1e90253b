import cors from '@koa/cors';
import Koa from 'koa';

const app = new Koa();
app.use(cors());
app.use(context => {
  context.body = { path: '/items' };
});
export default app;
