import { testEngine } from './contract.test-support.ts';

testEngine('firefox');
