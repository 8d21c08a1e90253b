import { testEngine } from './contract.ts';

testEngine('firefox');
