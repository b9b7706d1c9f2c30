/** The build gives the bytes of a WebAssembly file as a module. */
declare module '*.wasm' {
  export const bytes: () => Uint8Array;
}
