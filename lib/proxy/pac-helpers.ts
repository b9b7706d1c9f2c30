/**
 * The functions of a PAC script. Source: MDN, "Proxy Auto-Configuration (PAC) file". They run in the worker, outside
 * the script's own engine.
 */

/** The environment of the functions; an unknown name ends the run (see {@link PacQuestion}). */
export interface PacEnvironment {
  /** Returns the IPv4 address of a host, `null` if its name cannot be resolved. */
  resolve(host: string): string | null;
  /** Returns this machine's address on the route to the target's host. */
  ownAddress(): string;
  now(): Date;
}

type PacFunction = (...args: unknown[]) => unknown;

/** Returns the functions by name, for one run of a script. */
export function pacHelpers({ resolve, ownAddress, now }: PacEnvironment): Readonly<Record<string, PacFunction>> {
  const addressOf = (host: string) => (isIPv4(host) ? host : resolve(host));
  return {
    alert: () => undefined,
    isPlainHostName: (host) => !/[.:]/.test(String(host)),
    dnsDomainIs: (host, domain) => String(host).endsWith(String(domain)),
    localHostOrDomainIs: (host, name) => host === name || String(name).startsWith(`${host}.`),
    dnsDomainLevels: (host) => String(host).split('.').length - 1,
    shExpMatch: (text, pattern) => matchesShell(String(text), String(pattern)),
    isResolvable: (host) => addressOf(String(host)) !== null,
    dnsResolve: (host) => addressOf(String(host)),
    myIpAddress: () => ownAddress(),
    convert_addr: (address) => toNumber(String(address)) ?? 0,
    isInNet: (host, network, mask) => isInNet(addressOf(String(host)), String(network), String(mask)),
    weekdayRange: (...args) => isInWeekdays(args, now()),
    dateRange: (...args) => isInDates(args, now()),
    timeRange: (...args) => isInTimes(args, now()),
  };
}

// Browsers replace `.`, `*` and `?` and compile the rest: scripts use `(*.a.example|*.b.example)`.
const SHELL_SIGNS: Readonly<Record<string, string>> = { '.': '\\.', '*': '.*', '?': '.' };

function matchesShell(text: string, pattern: string): boolean {
  return new RegExp(`^${pattern.replace(/[.*?]/g, (sign) => SHELL_SIGNS[sign] ?? sign)}$`).test(text);
}

const isIPv4 = (text: string) => toNumber(text) !== undefined;

function toNumber(address: string): number | undefined {
  const [, ...parts] = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address)?.map(Number) ?? [];
  if (parts.length !== 4 || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((number, part) => number * 256 + part, 0);
}

function isInNet(address: string | null, network: string, mask: string): boolean {
  const [number, base, bits] = [address ?? '', network, mask].map(toNumber);
  if (number === undefined || base === undefined || bits === undefined) return false;
  return ((number & bits) | 0) === ((base & bits) | 0);
}

const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

/** Returns the arguments without a last `'GMT'`, and the date's fields in that time zone. */
function inZone(args: readonly unknown[], now: Date) {
  const isGmt = args.at(-1) === 'GMT';
  const local = isGmt ? new Date(now.getTime() + now.getTimezoneOffset() * 60_000) : now;
  return { values: isGmt ? args.slice(0, -1) : args, local };
}

/** Whether a value is between two others; a range whose end is smaller than its start wraps around. */
const isBetween = (first: number, value: number, last: number) =>
  first <= last ? first <= value && value <= last : value >= first || value <= last;

function isInWeekdays(args: readonly unknown[], now: Date): boolean {
  const { values, local } = inZone(args, now);
  const [first = -1, last = first] = values.map((value) => WEEKDAYS.indexOf(String(value)));
  if (first < 0 || last < 0) return false;
  return isBetween(first, local.getDay(), last);
}

// As Chromium does: two hours include the last one whole and do not wrap around midnight; hours and minutes include the
// last minute whole. Another number of arguments throws.
function isInTimes(args: readonly unknown[], now: Date): boolean {
  if (args.length === 0) return false;
  const { values, local } = inZone(args, now);
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = values.map(Number);
  const hour = local.getHours();
  const second = hour * 3600 + local.getMinutes() * 60 + local.getSeconds();
  switch (values.length) {
    case 1:
      return hour === a;
    case 2:
      return a <= hour && hour <= b;
    case 4:
      return isBetween(a * 3600 + b * 60, second, c * 3600 + d * 60 + 59);
    case 6:
      return isBetween(a * 3600 + b * 60 + c, second, d * 3600 + e * 60 + f);
    default:
      throw new Error('timeRange: bad number of arguments');
  }
}

interface DatePart {
  readonly year?: number;
  readonly month?: number;
  readonly day?: number;
}

function toDatePart(value: unknown): DatePart | undefined {
  const month = MONTHS.indexOf(String(value));
  if (month >= 0) return { month };
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1) return undefined;
  return number <= 31 ? { day: number } : { year: number };
}

function isInDates(args: readonly unknown[], now: Date): boolean {
  const { values, local } = inZone(args, now);
  const parts = values.map(toDatePart);
  if (parts.length === 0 || parts.length > 6 || parts.some((part) => part === undefined)) return false;
  const whole = (some: readonly (DatePart | undefined)[]): DatePart => Object.assign({}, ...some);
  if (parts.length === 1) return matchesDate(whole(parts), local);
  if (parts.length % 2 !== 0) return parts.length === 3 && matchesDate(whole(parts), local);
  const half = parts.length / 2;
  const [first, last] = [whole(parts.slice(0, half)), whole(parts.slice(half))];
  return isBetween(ordinal(first, first), ordinal(first, partsOf(local)), ordinal(first, last));
}

const partsOf = (date: Date) => ({ year: date.getFullYear(), month: date.getMonth(), day: date.getDate() });

function matchesDate(part: DatePart, date: Date): boolean {
  const today = partsOf(date);
  return (Object.keys(part) as (keyof DatePart)[]).every((name) => part[name] === today[name]);
}

/** Returns a number for comparing dates, of the parts that the range contains. */
function ordinal(named: DatePart, { year = 0, month = 0, day = 0 }: DatePart): number {
  const years = named.year === undefined ? 0 : year * 10_000;
  const months = named.month === undefined ? 0 : month * 100;
  return years + months + (named.day === undefined ? 0 : day);
}
