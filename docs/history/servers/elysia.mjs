import { cors } from '@elysiajs/cors';
import { Elysia } from 'elysia';

const app = new Elysia().use(cors({ origin: ['https://app.example'] })).all('/items', () => ({}));
export default request => app.handle(request);
