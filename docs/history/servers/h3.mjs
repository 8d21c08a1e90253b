import { createApp, eventHandler, handleCors } from 'h3';

const app = createApp();
app.use(
  '/items',
  eventHandler(event => {
    if (handleCors(event, { origin: ['https://app.example'], credentials: true, methods: '*' })) return null;
    return {};
  }),
);
export default app;
