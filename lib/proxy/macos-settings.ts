/** The proxy settings of macOS. Source: Apple, SCDynamicStoreCopyProxies; scutil(8). */

import { NO_SETTINGS, type ProxySettings } from './proxy-settings.ts';
import { runProgram } from './run-program.ts';

/** Reads the settings of the primary network service. */
export async function readMacosSettings(): Promise<ProxySettings> {
  return parseMacosSettings(await runProgram('/usr/sbin/scutil', ['--proxy']));
}

/** Parses the output of `scutil --proxy`. */
export function parseMacosSettings(output: string): ProxySettings {
  const values = new Map<string, string>();
  const exceptions: string[] = [];
  for (const line of output.split('\n')) {
    const [, key = '', value = ''] = /^\s*(\w+) : (.*)$/.exec(line) ?? [];
    if (/^\d+$/.test(key)) exceptions.push(value);
    else values.set(key, value);
  }
  const isOn = (key: string) => values.get(key) === '1';
  const pacUrl = isOn('ProxyAutoConfigEnable') ? values.get('ProxyAutoConfigURLString') : undefined;
  const entries = [
    ['http', 'HTTP'],
    ['https', 'HTTPS'],
    ['socks', 'SOCKS'],
  ].flatMap(([scheme, prefix]) => {
    const [host, port] = [values.get(`${prefix}Proxy`), values.get(`${prefix}Port`)];
    if (!isOn(`${prefix}Enable`) || !host) return [];
    const place = host.includes(':') ? `[${host}]` : host;
    return [`${scheme}=${port ? `${place}:${port}` : place}`];
  });
  return {
    ...NO_SETTINGS,
    autoDetect: isOn('ProxyAutoDiscoveryEnable'),
    ...(pacUrl && { pacUrl }),
    ...(entries.length > 0 && { proxy: entries.join(';') }),
    bypass: [
      ...exceptions.filter((entry) => !entry.includes('/')),
      ...(isOn('ExcludeSimpleHostnames') ? ['<local>'] : []),
    ],
    ranges: exceptions.filter((entry) => entry.includes('/')).map(wholeRange),
  };
}

/** Converts `169.254/16` to `169.254.0.0/16`. */
function wholeRange(range: string): string {
  const [network = '', prefix] = range.split('/');
  if (network.includes(':')) return range;
  const parts = network.split('.');
  return `${[...parts, '0', '0', '0'].slice(0, Math.max(4, parts.length)).join('.')}/${prefix}`;
}
