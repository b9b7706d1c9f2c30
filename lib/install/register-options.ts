/** The environment variables of `winwire/register`. */
import { invalidArgumentValue } from '../errors.ts';
import type { ProxySource } from '../proxy/types.ts';
import type { InstallOptions } from './installation.ts';

const NAMED = ['environment-then-system', 'system', 'environment', 'direct'];
const SCHEMES = ['Negotiate', 'Kerberos', 'NTLM', 'Digest', 'Basic'];

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Returns the options that the environment names.
 *
 * - `WINWIRE_PROXY`: `system`, `environment`, `environment-then-system`, `direct`, `pac:URL`, or a proxy as the option
 *   takes it (`host:port`, a URL, `http=a:1;https=b:2`).
 * - `WINWIRE_PROXY_CREDENTIALS`: `default` or `none`.
 * - `WINWIRE_SCHEMES`: names of schemes, with commas between them.
 *
 * @throws {TypeError} for an invalid value; it names the variable.
 */
export function installOptionsOf(variables: Variables): InstallOptions {
  const { WINWIRE_PROXY: proxy, WINWIRE_PROXY_CREDENTIALS: credentials, WINWIRE_SCHEMES: schemes } = variables;
  return {
    ...(proxy ? { proxy: proxyOf(proxy) } : {}),
    ...(credentials ? { proxyCredentials: credentialsOf(credentials) } : {}),
    ...(schemes ? { schemes: schemesOf(schemes) } : {}),
  } as InstallOptions;
}

function proxyOf(value: string): ProxySource | 'direct' {
  if (NAMED.includes(value)) return value as ProxySource;
  return value.startsWith('pac:') ? { pac: value.slice('pac:'.length) } : { proxy: value };
}

function credentialsOf(value: string): 'default' | 'none' {
  if (value === 'default' || value === 'none') return value;
  throw invalidArgumentValue('WINWIRE_PROXY_CREDENTIALS', "'default' or 'none'", value);
}

function schemesOf(value: string): string[] {
  return value.split(',').map((name) => {
    const scheme = SCHEMES.find((known) => known.toLowerCase() === name.trim().toLowerCase());
    if (scheme === undefined) throw invalidArgumentValue('WINWIRE_SCHEMES', `names of ${SCHEMES.join(', ')}`, name);
    return scheme;
  });
}
