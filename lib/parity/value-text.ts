/** Values and their differences in words, for all reports. */
import type { FieldDifference } from './compare.ts';

/** Returns a value on one line; names and bytes are not quoted. */
export function valueText(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return value === '' ? '""' : value.replaceAll('\r', '\\r').replaceAll('\n', '\\n');
  if (Array.isArray(value)) return `[${value.map(valueText).join(' | ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([key, one]) => `${key} ${valueText(one)}`)
    .join(', ');
}

/** Returns the difference of two steps as `path: left ≠ right`. */
export function fieldText({ path, left, right }: FieldDifference): string {
  return `${path}: ${valueText(left)} ≠ ${valueText(right)}`;
}
