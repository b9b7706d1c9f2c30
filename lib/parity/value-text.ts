/** Values and differences of values in words, for every kind of report. */
import type { FieldDifference } from './compare.ts';

/** A value on one line; not quoted where it is a name or bytes. */
export function valueText(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return value === '' ? '""' : value.replaceAll('\r', '\\r').replaceAll('\n', '\\n');
  if (Array.isArray(value)) return `[${value.map(valueText).join(' | ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([key, one]) => `${key} ${valueText(one)}`)
    .join(', ');
}

/** What two steps differ in, as `path: left ≠ right`. */
export function fieldText({ path, left, right }: FieldDifference): string {
  return `${path}: ${valueText(left)} ≠ ${valueText(right)}`;
}
