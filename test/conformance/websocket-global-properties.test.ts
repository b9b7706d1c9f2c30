import { defineTests } from './suite.ts';

// In a process of its own, in which no handle is ever created (WS-043).
defineTests(({ section }) => section === 'Global properties');
