// Writes the proxy settings of Windows into the registry, as its Settings and netsh do, and puts back what was there.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeFolder, removeFolder } from '../helpers/folder.ts';
import { isWine } from '../helpers/standin.ts';

/** Not on a user's machine. */
export const mayWriteSettings = process.platform === 'win32' && (isWine || Boolean(process.env.WINWIRE_WRITE_SETTINGS));

const SETTINGS = 'Software\\Microsoft\\Windows\\CurrentVersion\\Internet Settings';
const USER = `HKEY_CURRENT_USER\\${SETTINGS}`;
const MACHINE = `HKEY_LOCAL_MACHINE\\${SETTINGS}`;
const POLICIES = 'HKEY_LOCAL_MACHINE\\Software\\Policies\\Microsoft\\Windows\\CurrentVersion\\Internet Settings';

/** What is written here, by key. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  [USER]: ['ProxyEnable', 'ProxyServer', 'ProxyOverride', 'AutoConfigURL'],
  [`${USER}\\Connections`]: ['DefaultConnectionSettings'],
  [`${MACHINE}\\Connections`]: ['WinHttpSettings'],
  [POLICIES]: ['ProxySettingsPerUser'],
};

/** Values as a .reg file writes them; `-` for none. */
type Registry = Record<string, Record<string, string>>;

export interface UserSettings {
  readonly autoDetect?: boolean;
  readonly pacUrl?: string;
  readonly proxy?: string;
  readonly bypass?: string;
}

export interface MachineSettings {
  readonly proxy: string;
  readonly bypass?: string;
}

export class WindowsRegistry implements Disposable {
  readonly #folder = makeFolder('registry');
  readonly #before: Registry;

  constructor() {
    this.#before = Object.fromEntries(Object.keys(VALUES).map((key) => [key, this.#read(key)]));
  }

  /** Both what WinHTTP reads (DefaultConnectionSettings) and what older programs do. */
  writeUser({ autoDetect = false, pacUrl = '', proxy = '', bypass = '' }: UserSettings): void {
    const flags = 1 | (proxy ? 2 : 0) | (pacUrl ? 4 : 0) | (autoDetect ? 8 : 0);
    const texts = [proxy, bypass, pacUrl].map(sized);
    this.#write({
      [USER]: {
        ProxyEnable: `dword:${proxy ? 1 : 0}`,
        ProxyServer: text(proxy),
        ProxyOverride: text(bypass),
        AutoConfigURL: text(pacUrl),
      },
      [`${USER}\\Connections`]: {
        DefaultConnectionSettings: binary(Buffer.concat([numbers(0x46, 1, flags), ...texts, Buffer.alloc(32)])),
      },
    });
  }

  /** The binary value that WinHTTP reads, as another program may have left it. */
  writeBlock(block: Buffer): void {
    this.#write({ [`${USER}\\Connections`]: { DefaultConnectionSettings: binary(block) } });
  }

  /** As `netsh winhttp set proxy`; without settings as `netsh winhttp reset proxy`. */
  writeMachine(settings?: MachineSettings): void {
    if (isWine) {
      const { proxy = '', bypass = '' } = settings ?? {};
      const content = Buffer.concat([numbers(0x18, 0, proxy ? 3 : 1), sized(proxy), sized(bypass)]);
      this.#write({ [`${MACHINE}\\Connections`]: { WinHttpSettings: binary(content) } });
    } else {
      netsh(settings);
    }
  }

  /** The policy that gives all users the settings of the machine. */
  writePolicy(perUser: boolean): void {
    this.#write({ [POLICIES]: { ProxySettingsPerUser: perUser ? '-' : 'dword:0' } });
  }

  /** Deletes the key of the policy; only under Wine, where it has no other values. */
  deletePolicies(): void {
    const { status } = spawnSync('reg', ['delete', POLICIES, '/f'], { stdio: 'ignore' });
    if (status !== 0) throw new Error(`reg delete failed: ${status}`);
  }

  [Symbol.dispose](): void {
    this.#write(this.#before);
    removeFolder(this.#folder);
  }

  #read(key: string): Record<string, string> {
    const file = path.join(this.#folder, 'before.reg');
    rmSync(file, { force: true });
    // Fails for a key that does not exist.
    const { status } = spawnSync('reg', ['export', key, file, '/y'], { stdio: 'ignore' });
    const content = status === 0 ? readFileSync(file, 'utf16le') : '';
    // The key alone, not those below it; long values go on in further lines.
    const [, lines = ''] = content
      .replaceAll('\r', '')
      .replaceAll('\\\n', '')
      .split(/^\[.*\]$/m);
    const entries = lines.matchAll(/^"([^"]+)"=(.*)$/gm);
    const found = new Map([...entries].map(([, name = '', value = '']) => [name, value]));
    return Object.fromEntries((VALUES[key] ?? []).map((name) => [name, found.get(name) ?? '-']));
  }

  #write(registry: Registry): void {
    const file = path.join(this.#folder, 'now.reg');
    const keys = Object.entries(registry).map(([key, values]) =>
      [`[${key}]`, ...Object.entries(values).map(([name, value]) => `"${name}"=${value}`)].join('\r\n'),
    );
    writeFileSync(file, `\ufeffWindows Registry Editor Version 5.00\r\n\r\n${keys.join('\r\n\r\n')}\r\n`, 'utf16le');
    const { status, error } = spawnSync('reg', ['import', file], { stdio: 'ignore' });
    if (status !== 0) throw new Error(`reg import failed: ${error?.message ?? status}`);
  }
}

function netsh(settings: MachineSettings | undefined): void {
  const words = settings
    ? ['set', 'proxy', `proxy-server=${settings.proxy}`, ...(settings.bypass ? [`bypass-list=${settings.bypass}`] : [])]
    : ['reset', 'proxy'];
  const { status } = spawnSync('netsh', ['winhttp', ...words], { stdio: 'ignore' });
  if (status !== 0) throw new Error(`netsh winhttp ${words.join(' ')} failed: ${status}`);
}

export function numbers(...values: readonly number[]): Buffer {
  return Buffer.concat(
    values.map((value) => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32LE(value);
      return bytes;
    }),
  );
}

export const sized = (value: string) => Buffer.concat([numbers(value.length), Buffer.from(value, 'latin1')]);
const text = (value: string) => (value === '' ? '-' : JSON.stringify(value));
const binary = (bytes: Buffer) => `hex:${bytes.toString('hex').replace(/..(?=.)/g, '$&,')}`;
