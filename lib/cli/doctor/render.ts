/** The report for people. */
import type { BackendInfo } from '../../backends.ts';
import { colors } from '../colors.ts';
import { formatMilliseconds, withoutControls } from '../format.ts';
import type { CertificateReport, DoctorReport, ResponseReport, Surroundings, UrlReport } from './doctor-report.ts';

const { bold, dim, green, red } = colors;

export function render({ ok, problems, surroundings, url }: DoctorReport): string {
  const lines = [...renderSurroundings(surroundings), ...(url ? ['', ...renderUrl(oneLineEach(url))] : []), ''];
  if (ok) lines.push(green('✓ nothing is wrong'));
  else lines.push(...problems.map((problem) => red(`✗ ${withoutControls(problem).replaceAll('\n', '\n  ')}`)));
  return `${lines.join('\n')}\n`;
}

/** The texts are a server's, in part: of certificates and headers. None may begin a line of its own. */
function oneLineEach(report: UrlReport): UrlReport {
  return JSON.parse(JSON.stringify(report), (_, value: unknown) =>
    typeof value === 'string' ? withoutControls(value).replace(/\s+/g, ' ') : value,
  );
}

const row = (name: string, value: string): string => `  ${name.padEnd(15)} ${value}`;

function renderSurroundings({ winwire, node, platform, addon, backend, backends }: Surroundings): string[] {
  const lines = [bold(`winwire ${winwire}`), row('Node.js', node), row('platform', platform)];
  lines.push(row('addon', addon.file ?? red('not loaded')), row('backend', backend ?? red('none')), '');
  for (const [name, infos] of Object.entries(backends)) {
    for (const [key, info] of Object.entries(infos ?? {})) {
      lines.push(`  ${name.padEnd(9)}  ${key.padEnd(8)}  ${renderBackend(info)}`);
    }
  }
  return lines;
}

function renderBackend({ available, file, version, provider, reason }: BackendInfo): string {
  if (!available) return dim(`– ${reason}`);
  return `${green('✓')} ${[provider, version, file].filter(Boolean).join(', ')}`;
}

function renderUrl({ url, proxy, lookup, connection, tls, response, winwire, times }: UrlReport): string[] {
  const lines = [
    bold(url),
    row('proxy', proxy.server ? `${proxy.server} (${proxy.source})` : (PROXIES[proxy.source] ?? '')),
  ];
  if (lookup) lines.push(row('name', `${lookup.host}: ${lookup.addresses.join(', ')}`));
  if (connection) lines.push(row('connection', `${connection.address} port ${connection.port}`));
  if (tls) {
    lines.push(row('TLS', `${tls.protocol}, ${tls.cipher}${tls.error === undefined ? '' : red(`, ${tls.error}`)}`));
    tls.chain.forEach((certificate, i) => void lines.push(...renderCertificate(certificate, i)));
  }
  if (response) lines.push(...renderResponse(response));
  if (winwire) {
    const { face, backend, status, subprotocol, error } = winwire;
    const spoken = subprotocol ? `, sub-protocol ${subprotocol}` : '';
    lines.push(
      row(
        face.replace('WebSocketConnection', 'WebSocket'),
        error === undefined ? `${status} by the backend ${backend}${spoken}` : red(error),
      ),
    );
  }
  const shown = Object.entries(times).map(([name, value]) => `${NAMES[name] ?? name} ${formatMilliseconds(value)}`);
  if (shown.length > 0) lines.push(row('times', shown.join(', ')));
  return lines;
}

const PROXIES: Readonly<Record<string, string>> = {
  direct: 'none',
  machine: "the machine's setting ('netsh winhttp show proxy'); the steps below go directly",
};

const NAMES: Readonly<Record<string, string>> = { tls: 'TLS', firstByte: 'first byte' };

function renderCertificate(
  { subject, names, issuer, validFrom, validTo, fingerprint }: CertificateReport,
  i: number,
): string[] {
  const day = (time: string) => time.slice(0, 10);
  return [
    row(`  ${i}`, subject),
    ...(names === undefined ? [] : [row('', dim(names))]),
    row('', dim(`issued by ${issuer}`)),
    row('', dim(`valid from ${day(validFrom)} to ${day(validTo)}`)),
    row('', dim(`SHA-256 ${fingerprint}`)),
  ];
}

function renderResponse({ status, statusText, server, location, authentication }: ResponseReport): string[] {
  const lines = [row('answer', [`${status} ${statusText}`, server && `by ${server}`].filter(Boolean).join(', '))];
  if (location !== undefined) lines.push(row('redirect', location));
  for (const { scheme, by, answeredBy } of authentication) {
    const who = answeredBy.length > 0 ? `backend ${answeredBy.join(' and ')}` : 'no backend';
    lines.push(row('authentication', `${scheme}, asked by the ${by}; answered by ${who}`));
  }
  return lines;
}
