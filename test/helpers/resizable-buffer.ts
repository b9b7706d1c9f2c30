// ES2024's resizable ArrayBuffer, which Node 20 has but the types of ES2023 lack.
type Resizable = ArrayBuffer & { resize(length: number): void };

interface ResizableArrayBuffer {
  new (length: number, options: { maxByteLength: number }): Resizable;
}

export function resizableBuffer(length: number): Resizable {
  return new (ArrayBuffer as unknown as ResizableArrayBuffer)(length, { maxByteLength: length });
}
