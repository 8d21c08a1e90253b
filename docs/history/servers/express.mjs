import cors from 'cors';
import express from 'express';

const app = express();
app.use(cors({ origin: ['https://app.example'], credentials: true, maxAge: 0 }));
app.all('/items', (_request, response) => response.set('Cache-Control', 'max-age=60').json({}));
export default app;
