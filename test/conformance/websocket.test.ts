import { defineTests } from './suite.ts';

defineTests(({ section }, { measuresMemory }) => section !== 'Global properties' && !measuresMemory);
