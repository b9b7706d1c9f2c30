/** The variables of programs that use the forwarder, and the lines that set them in shells. */
import { colors } from '../colors.ts';

const NO_PROXY = 'localhost,127.0.0.1,::1';

/** Returns the variables. Programs differ in the case that they read. */
export function proxyEnvironment(url: string): Readonly<Record<string, string>> {
  return {
    HTTP_PROXY: url,
    HTTPS_PROXY: url,
    http_proxy: url,
    https_proxy: url,
    NO_PROXY,
    no_proxy: NO_PROXY,
    // Node.js 24 and newer: fetch and node:http use the variables.
    NODE_USE_ENV_PROXY: '1',
  };
}

/** Windows ignores the case of names. */
const isUpper = (name: string): boolean => name === name.toUpperCase();

/** Returns the lines for bash, PowerShell and cmd. */
export function shellLines(url: string): string {
  const variables = Object.entries(proxyEnvironment(url));
  const upper = variables.filter(([name]) => isUpper(name));
  const lines = [
    ['bash', `export ${variables.map(([name, value]) => `${name}='${value}'`).join(' ')}`],
    ['PowerShell', upper.map(([name, value]) => `$env:${name}='${value}'`).join('; ')],
    ['cmd', upper.map(([name, value]) => `set "${name}=${value}"`).join('& ')],
  ];
  return lines.map(([shell = '', line]) => `${colors.bold(`${shell}:`)}\n  ${line}\n`).join('');
}
