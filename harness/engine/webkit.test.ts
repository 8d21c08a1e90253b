import { testEngine } from './contract.ts';

testEngine('webkit');
