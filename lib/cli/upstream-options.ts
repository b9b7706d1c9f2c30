/** `--proxy-user` and `--proxy-credentials`: who the user is at the proxies that are gone through. */
import { type Command, Option } from 'commander';
import type { CredentialSource } from '../auth/auth-types.ts';
import { usage } from './exit.ts';
import { readSecret } from './secret-input.ts';

/** The parsed options. */
export interface UpstreamOptions {
  readonly proxyUser?: string;
  readonly proxyPasswordFile?: string;
  readonly proxyCredentials?: 'default' | 'none';
}

/** Adds the options to a command. */
export function addUpstreamOptions(command: Command): Command {
  return command
    .option('--proxy-user <name>', 'the user at the proxy, also DOMAIN\\user or user@REALM; the password is asked for')
    .option('--proxy-password-file <file>', "the first line is the password of --proxy-user ('-': stdin)")
    .addOption(
      new Option(
        '--proxy-credentials <which>',
        "default: the logged-on user, also at a proxy that the system's settings do not name; none: no credentials",
      ).choices(['default', 'none']),
    );
}

/** Returns the credentials for proxies; undefined for the package's own rule. Asks for the password. */
export async function proxyCredentialsOf(options: UpstreamOptions): Promise<CredentialSource | undefined> {
  const { proxyUser, proxyPasswordFile, proxyCredentials } = options;
  if (proxyUser === undefined) {
    if (proxyPasswordFile !== undefined) throw usage('--proxy-password-file goes with --proxy-user');
    return proxyCredentials;
  }
  if (proxyCredentials !== undefined) throw usage('--proxy-credentials does not go with --proxy-user');
  if (proxyUser.includes(':')) throw usage('--proxy-user takes a name without a password, which other users could see');
  const password = await readSecret(
    `Password of ${proxyUser} at the proxy`,
    proxyPasswordFile,
    '--proxy-password-file',
  );
  return { username: proxyUser, password };
}
