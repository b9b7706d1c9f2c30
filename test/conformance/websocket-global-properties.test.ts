import { defineTests } from './suite.ts';

// Runs in a separate process in which no handle is ever created (WS-043).
defineTests(({ section }) => section === 'Global properties');
