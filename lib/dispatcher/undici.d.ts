// The modules of undici that are imported by path, so that its index, which sets globals, never runs.
declare module 'undici/lib/dispatcher/client.js' {
  // biome-ignore lint/style/noDefaultExport: it is a CommonJS module.
  export { Client as default } from 'undici';
}

declare module 'undici/lib/api/index.js' {
  import type { Dispatcher } from 'undici';

  const api: Pick<Dispatcher, 'request' | 'stream' | 'pipeline' | 'upgrade' | 'connect'>;
  // biome-ignore lint/style/noDefaultExport: it is a CommonJS module.
  export default api;
}

declare module 'undici/lib/llhttp/constants.js' {
  const constants: { ERROR: Record<string, number | string> };
  // biome-ignore lint/style/noDefaultExport: it is a CommonJS module.
  export default constants;
}
