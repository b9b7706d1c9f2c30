/** Decodes tracerpt's file in any of its encodings. */
export function decodeXml(bytes) {
  return bytes.toString(bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf16le' : 'utf8');
}

const found = (pattern, text) => pattern.exec(text)?.[1]?.trim() || undefined;

/** Returns the names of an event's task and operation in the provider's manifest, if any. */
function nameOf(event) {
  const rendered = found(/<RenderingInfo\b[^>]*>([\s\S]*)<\/RenderingInfo>/, event) ?? '';
  const parts = [found(/<Task>([^<]*)<\/Task>/, rendered), found(/<Opcode>([^<]*)<\/Opcode>/, rendered)];
  return parts.filter(Boolean).join(': ') || undefined;
}

/** Counts the events of a provider in tracerpt's XML by kind, the most frequent first: { id, name, count }. */
export function countEvents(xml, provider) {
  const kinds = new Map();
  for (const [event] of xml.matchAll(/<Event\b[^>]*>[\s\S]*?<\/Event>/g)) {
    if (found(/<Provider\b[^>]*\bName="([^"]*)"/, event) !== provider) continue;
    const id = Number(found(/<EventID\b[^>]*>([^<]*)<\/EventID>/, event));
    const kind = kinds.get(id) ?? { id, name: nameOf(event), count: 0 };
    kind.count++;
    kinds.set(id, kind);
  }
  return [...kinds.values()].sort((a, b) => b.count - a.count || a.id - b.id);
}
