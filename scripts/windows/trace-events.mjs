/** The text of tracerpt's file, whatever it chose to write it as. */
export function decodeXml(bytes) {
  return bytes.toString(bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf16le' : 'utf8');
}

const found = (pattern, text) => pattern.exec(text)?.[1]?.trim() || undefined;

/** What the provider's manifest calls an event: its task and operation, where they have names. */
function nameOf(event) {
  const rendered = found(/<RenderingInfo\b[^>]*>([\s\S]*)<\/RenderingInfo>/, event) ?? '';
  const parts = [found(/<Task>([^<]*)<\/Task>/, rendered), found(/<Opcode>([^<]*)<\/Opcode>/, rendered)];
  return parts.filter(Boolean).join(': ') || undefined;
}

/** How often each kind of event of a provider is in tracerpt's XML, the most frequent first: { id, name, count }. */
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
