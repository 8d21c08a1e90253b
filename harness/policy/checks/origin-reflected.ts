import { originCheck } from './origin-check.ts';

export default originCheck({
  kind: 'unrelated',
  id: 'origin-reflected',
  must: 'An unrelated site cannot read',
  text: 'the server answers any origin by name.',
  who: () => 'Any website',
  attackers: ({ evil }) => [{ origin: `https://${evil}`, why: 'it answers any origin by name' }],
  explains: ['credentials-undeclared', 'wildcard-with-credentials'],
  covers: () => true,
});
