import { testEngine } from './contract.ts';

testEngine('chromium');
