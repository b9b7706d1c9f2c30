/** The report as text. */
import type { BackendInfo } from '../../backends.ts';
import { namesOf } from '../../certificate-fault.ts';
import { colors } from '../colors.ts';
import { formatMilliseconds, withoutControls } from '../format.ts';
import type {
  CertificateReport,
  DoctorReport,
  InstallReport,
  LogOnReport,
  ResolutionReport,
  ResponseReport,
  RootsReport,
  Surroundings,
  UrlReport,
} from './doctor-report.ts';

const { bold, dim, green, red } = colors;

export function render({ ok, problems, surroundings, url, install }: DoctorReport): string {
  const lines = [...renderSurroundings(surroundings)];
  if (install) lines.push('', ...renderInstall(oneLineEach(install)));
  if (url) lines.push('', ...renderUrl(oneLineEach(url)));
  lines.push('');
  if (ok) lines.push(green('✓ nothing is wrong'));
  else lines.push(...problems.map((problem) => red(`✗ ${withoutControls(problem).replaceAll('\n', '\n  ')}`)));
  return `${lines.join('\n')}\n`;
}

/** Removes line breaks: certificates and headers contain text that the server chose. */
function oneLineEach<Report>(report: Report): Report {
  return JSON.parse(JSON.stringify(report), (_, value: unknown) =>
    typeof value === 'string' ? withoutControls(value).replace(/\s+/g, ' ') : value,
  );
}

const row = (name: string, value: string): string => `  ${name.padEnd(15)} ${value}`;

function renderSurroundings({ winwire, node, platform, roots, addon, backend, backends }: Surroundings): string[] {
  const lines = [bold(`winwire ${winwire}`), row('Node.js', node), row('platform', platform)];
  lines.push(...renderRoots(roots));
  lines.push(row('addon', addon.file ?? red('not loaded')), row('backend', backend ?? red('none')), '');
  for (const [name, infos] of Object.entries(backends)) {
    for (const [key, info] of Object.entries(infos ?? {})) {
      lines.push(`  ${name.padEnd(9)}  ${key.padEnd(8)}  ${renderBackend(info)}`);
    }
  }
  return lines;
}

/** A company's authority is often in the system's store only. */
function renderRoots({ system, extra }: RootsReport): string[] {
  const names = ["Node.js'", ...(system ? ["the system's"] : []), ...(extra === undefined ? [] : [extra])];
  const lines = [row('roots', names.join(', '))];
  if (system) return lines;
  const remedy = extra === undefined ? "; put the file of a company's root into NODE_EXTRA_CA_CERTS" : '';
  return [...lines, row('', dim(`Node.js reads the system's from 22.15 on${remedy}`))];
}

function renderBackend({ available, file, version, provider, reason }: BackendInfo): string {
  if (!available) return dim(`– ${reason}`);
  return `${green('✓')} ${[provider, version, file].filter(Boolean).join(', ')}`;
}

function renderInstall({ folder, clients }: InstallReport): string[] {
  const lines = clients.map(({ name, version = '', folder: place = '', isReached, help }) => {
    const mark = isReached ? green('✓') : red('✗');
    return `  ${mark} ${[name, version].join(' ').trim().padEnd(28)} ${dim([place, help].filter(Boolean).join(': '))}`.trimEnd();
  });
  return [bold(`install() in ${folder} reaches`), ...lines];
}

function renderUrl({
  url,
  proxy,
  resolution,
  lookup,
  connection,
  tls,
  response,
  logOn,
  winwire,
  times,
}: UrlReport): string[] {
  const lines = [
    bold(url),
    row('proxy', proxy.server ? `${proxy.server} (${proxy.source})` : (PROXIES[proxy.source] ?? '')),
  ];
  lines.push(row('resolveProxy', renderResolution(resolution)));
  lines.push(...resolution.warnings.map((warning) => row('', dim(warning))));
  if (lookup) lines.push(row('name', `${lookup.host}: ${lookup.addresses.join(', ')}`));
  if (connection) lines.push(row('connection', `${connection.address} port ${connection.port}`));
  if (tls) {
    lines.push(row('TLS', `${tls.protocol}, ${tls.cipher}${tls.error === undefined ? '' : red(`, ${tls.error}`)}`));
    tls.chain.forEach((certificate, i) => void lines.push(...renderCertificate(certificate, i)));
  }
  if (response) lines.push(...renderResponse(response));
  if (logOn) lines.push(...renderLogOn(logOn));
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
    ...(names === undefined ? [] : [row('', dim(namesOf({ subject, names })))]),
    row('', dim(`issued by ${issuer}`)),
    row('', dim(`valid from ${day(validFrom)} to ${day(validTo)}`)),
    row('', dim(`SHA-256 ${fingerprint}`)),
  ];
}

const renderResolution = ({ routes, source, by, error }: ResolutionReport): string =>
  error === undefined ? `${routes} (${source}, ${by})` : dim(`– ${error}`);

function renderResponse({ status, statusText, server, location, authentication }: ResponseReport): string[] {
  const lines = [row('answer', [`${status} ${statusText}`, server && `by ${server}`].filter(Boolean).join(', '))];
  if (location !== undefined) lines.push(row('redirect', location));
  for (const { scheme, by, answeredBy } of authentication) {
    const who = answeredBy.length > 0 ? `backend ${answeredBy.join(' and ')}` : 'no backend';
    lines.push(row('authentication', `${scheme}, asked by the ${by}; answered by ${who}`));
  }
  return lines;
}

function renderLogOn({ by, schemes, mechanism, identity, mechanismError, legs, error, help }: LogOnReport): string[] {
  const asked = `${schemes.join(', ')}, asked by the ${by}`;
  const who = identity === undefined ? '' : `; by ${mechanism} the logged-on user is ${identity}`;
  const lines = [row('log-on', `${asked}${who}`)];
  if (mechanismError !== undefined) lines.push(row('', dim(`${mechanism} knows no logged-on user: ${mechanismError}`)));
  if (by === 'server') return [...lines, row('', help ?? '')];
  const count = legs === undefined ? '' : ` (request ${legs})`;
  const result = error === undefined ? green(`the proxy accepts it${count}`) : red(`${error}${count}`);
  return [...lines, row('', result), ...(help === undefined ? [] : [row('', help)])];
}
