/** The proxy settings of GNOME. Source: GNOME, gsettings-desktop-schemas, org.gnome.system.proxy; GLib, GSimpleProxyResolver. */
import { isIP } from 'node:net';
import { NO_SETTINGS, type ProxySettings } from './proxy-settings.ts';
import { runProgram } from './run-program.ts';

const SCHEMA = 'org.gnome.system.proxy';

/** Reads the settings; without gsettings or its schema, no proxy is set. */
export async function readGnomeSettings(): Promise<ProxySettings> {
  return parseGnomeSettings(await runProgram('gsettings', ['list-recursively', SCHEMA]));
}

/** Parses the output of `gsettings list-recursively org.gnome.system.proxy`. */
export function parseGnomeSettings(output: string): ProxySettings {
  const values = new Map<string, string>();
  for (const line of output.split('\n')) {
    const [, schema = '', key = '', value = ''] = /^(\S+) (\S+) (.*)$/.exec(line) ?? [];
    values.set(`${schema.slice(SCHEMA.length + 1)} ${key}`.trim(), value);
  }
  const text = (key: string) => stringsOf(values.get(key) ?? '')[0] ?? '';
  const mode = text('mode');
  const settings: ProxySettings = { ...NO_SETTINGS, source: 'user' };
  if (mode === 'auto') {
    const pacUrl = text('autoconfig-url');
    return pacUrl === '' ? { ...settings, autoDetect: true } : { ...settings, pacUrl };
  }
  if (mode !== 'manual') return settings;
  const ignored = stringsOf(values.get('ignore-hosts') ?? '');
  return {
    ...settings,
    proxy: ['http', 'https', 'socks'].flatMap((kind) => entryOf(kind, text, values)).join(';'),
    bypass: ignored.filter((entry) => !entry.includes('/')).flatMap(withSubdomains),
    ranges: ignored.filter((entry) => entry.includes('/')),
  };
}

function entryOf(kind: string, text: (key: string) => string, values: ReadonlyMap<string, string>): string[] {
  const host = text(`${kind} host`);
  const port = Number(values.get(`${kind} port`));
  if (host === '' || !(port > 0)) return [];
  const user = values.get(`${kind} use-authentication`) === 'true' ? text(`${kind} authentication-user`) : '';
  const information = `${encodeURIComponent(user)}:${encodeURIComponent(text(`${kind} authentication-password`))}@`;
  const place = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return [user === '' ? `${kind}=${place}` : `${kind}=http://${information}${place}`];
}

/** Returns the strings in a GVariant's text: `'a'`, `['a', "b"]`. */
function stringsOf(text: string): string[] {
  return [...text.matchAll(/'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/g)].map(([, single, double]) =>
    (single ?? double ?? '').replace(/\\(.)/g, '$1'),
  );
}

/** `example.org`, `.example.org` and `*.example.org` all mean the domain and its subdomains. */
function withSubdomains(entry: string): string[] {
  if (isIP(entry) !== 0) return [entry];
  const domain = entry.replace(/^\*?\./, '');
  return [domain, `*.${domain}`];
}
