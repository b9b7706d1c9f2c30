import { defineTests } from './winhttp/suite.ts';

defineTests(() => true);
