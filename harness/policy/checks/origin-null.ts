import { originCheck } from './origin-check.ts';

export default originCheck({
  kind: 'null',
  must: 'A page whose origin is null cannot read',
  text: 'the server allows "null", which every site can send from a sandboxed frame.',
  who: () => 'Any website, from a sandboxed frame,',
  attackers: () => [
    { origin: 'null', why: 'it allows "null", which every site can send from a sandboxed frame' },
  ],
});
