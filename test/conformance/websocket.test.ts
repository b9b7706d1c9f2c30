import { defineTests } from './suite.ts';

defineTests((section) => section !== 'Global properties');
