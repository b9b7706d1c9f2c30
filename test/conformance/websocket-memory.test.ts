import { defineTests } from './suite.ts';

// In a process of its own: what other tests have freed would hide a leak.
defineTests((_, { measuresMemory }) => measuresMemory);
