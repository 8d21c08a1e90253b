/** One site's pages change what another site keeps: PUT, which no form can send, so it always needs a preflight. */
import cors from '@fastify/cors';
import Fastify from 'fastify';

const app = Fastify();

await app.register(cors, {
  origin: ['https://shop.example'],
  // The default is GET, HEAD and POST.
  methods: ['GET', 'PUT'],
  allowedHeaders: ['Content-Type'],
});

let stock = { left: 5 };
app.get('/stock/42', () => stock);
app.put('/stock/42', request => {
  stock = { left: Number(request.body?.left ?? stock.left) };
  return stock;
});

await app.listen({ port: Number(process.env.PORT ?? 3000), host: 'localhost' });
