/**
 * Removes the blanks around a field value (RFC 9110 section 5.5). trim() would also remove U+00A0, which is a byte of
 * UTF-8 text here.
 */
export function withoutBlanks(text: string, from = 0): string {
  let [start, end] = [from, text.length];
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

const isBlank = (code: number): boolean => code === 0x20 || code === 0x09;
