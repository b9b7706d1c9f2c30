/** The functions that PAC scripts call. */
import { asks, find, ONE, type PacStatement, TWO } from './pac-statement.ts';

export const functionStatements: Readonly<Record<string, PacStatement>> = {
  'PF-027': {
    sentence: 'dnsDomainIs compares the end of the host, in any position',
    evidence: 'Chromium',
    script: asks('dnsDomainIs(host, ".a.example")'),
    expect: [
      ['http://www.a.example/', ONE],
      ['http://xa.example/', TWO],
      ['http://a.example/', TWO],
    ],
  },
  'PF-028': {
    sentence: 'dnsDomainIs compares capital letters as they are',
    evidence: 'Chromium',
    script: asks('dnsDomainIs(host, "A.EXAMPLE")'),
    expect: [['http://a.example/', TWO]],
  },
  'PF-029': {
    sentence: 'isPlainHostName is true of a name without a dot',
    evidence: 'MDN',
    script: asks('isPlainHostName(host)'),
    expect: [
      ['http://intranet/', ONE],
      ['http://a.example/', TWO],
    ],
  },
  'PF-030': {
    sentence: 'isPlainHostName is false of an IPv6 address',
    evidence: 'Chromium',
    script: asks('isPlainHostName(host)'),
    expect: [['http://[2001:db8::1]/', TWO]],
  },
  'PF-031': {
    sentence: 'localHostOrDomainIs is true of the whole name and of its first label',
    evidence: 'MDN',
    script: asks('localHostOrDomainIs(host, "www.a.example")'),
    expect: [
      ['http://www/', ONE],
      ['http://www.a.example/', ONE],
      ['http://www.b.example/', TWO],
      ['http://ww/', TWO],
    ],
  },
  'PF-032': {
    sentence: 'dnsDomainLevels counts the dots',
    evidence: 'MDN',
    script: asks('dnsDomainLevels(host) == 2'),
    expect: [
      ['http://a.b.example/', ONE],
      ['http://a.example/', TWO],
    ],
  },
  'PF-033': {
    sentence: 'shExpMatch takes * for any characters and ? for one',
    evidence: 'MDN',
    script: asks('shExpMatch(host, "w?w.*.example")'),
    expect: [
      ['http://www.a.example/', ONE],
      ['http://a.example/', TWO],
    ],
  },
  'PF-034': {
    sentence: 'shExpMatch takes a dot as a dot',
    evidence: 'MDN',
    script: asks('shExpMatch(host, "a.example")'),
    expect: [
      ['http://axexample/', TWO],
      ['http://a.example/', ONE],
    ],
  },
  'PF-035': {
    sentence: 'shExpMatch compares the whole text',
    evidence: 'Chromium',
    script: asks('shExpMatch(host, "a.example")'),
    expect: [['http://xa.example/', TWO]],
  },
  'PF-036': {
    sentence: 'shExpMatch passes other signs on to a regular expression',
    evidence: 'Chromium',
    script: asks('shExpMatch(host, "(*.a.example|*.b.example)")'),
    expect: [
      ['http://x.b.example/', ONE],
      ['http://x.c.example/', TWO],
    ],
  },
  'PF-037': {
    sentence: "shExpMatch compares the URL's origin",
    evidence: 'rule',
    script: asks('shExpMatch(url, "https://*")'),
    expect: [
      ['https://a.example/x', ONE],
      ['http://a.example/x', TWO],
    ],
  },
  'PF-038': {
    sentence: 'isInNet compares an address with a network and a mask',
    evidence: 'MDN',
    script: asks('isInNet(host, "10.0.0.0", "255.0.0.0")'),
    expect: [
      ['http://10.1.2.3/', ONE],
      ['http://11.1.2.3/', TWO],
    ],
  },
  'PF-039': {
    sentence: 'isInNet takes addresses above 127 as they are',
    evidence: 'Chromium',
    script: asks('isInNet(host, "200.1.2.0", "255.255.255.0")'),
    expect: [
      ['http://200.1.2.3/', ONE],
      ['http://200.1.3.3/', TWO],
    ],
  },
  'PF-040': {
    sentence: 'isInNet is false of a name that cannot be resolved',
    evidence: 'Chromium',
    script: asks('isInNet(host, "0.0.0.0", "0.0.0.0")'),
    expect: [['http://no.invalid/', TWO]],
  },
  'PF-041': {
    sentence: 'isInNet is false of a network that is not an address',
    evidence: 'Chromium',
    script: asks('isInNet(host, "10.0.0", "255.0.0.0")'),
    expect: [['http://10.1.2.3/', TWO]],
  },
  'PF-042': {
    sentence: 'dnsResolve returns the address of a name, and of an address itself',
    evidence: 'MDN',
    script: asks('dnsResolve("localhost") == "127.0.0.1" && dnsResolve("1.2.3.4") == "1.2.3.4"'),
    expect: [['http://a.example/', ONE]],
  },
  'PF-043': {
    sentence: 'dnsResolve of a name that cannot be resolved is null',
    evidence: 'Chromium',
    script: asks('dnsResolve("no.invalid") === null'),
    expect: [['http://a.example/', ONE]],
  },
  'PF-044': {
    sentence: 'isResolvable tells whether a name has an address',
    evidence: 'MDN',
    script: asks('isResolvable(host)'),
    expect: [
      ['http://1.2.3.4/', ONE],
      ['http://no.invalid/', TWO],
    ],
  },
  'PF-045': {
    sentence: 'isResolvable at the top level of a script is answered too',
    evidence: 'rule',
    script:
      'var known = isResolvable("localhost"); function FindProxyForURL(url, host) { return known ? "PROXY one.test:8001" : "PROXY two.test:8002"; }',
    expect: [['http://a.example/', ONE]],
  },
  'PF-046': {
    sentence: 'myIpAddress is an IPv4 address of this machine',
    evidence: 'MDN',
    script: asks('/^\\d+\\.\\d+\\.\\d+\\.\\d+$/.test(myIpAddress())'),
    expect: [['http://a.example/', ONE]],
  },
  'PF-047': {
    sentence: 'convert_addr returns an address as a number',
    evidence: 'Chromium',
    script: asks('convert_addr("10.1.2.3") == 167838211'),
    expect: [['http://a.example/', ONE]],
  },
  'PF-048': {
    sentence: 'alert does nothing',
    evidence: 'Chromium',
    script: find('alert("x"); return "PROXY one.test:8001";'),
    expect: [['http://a.example/', ONE]],
  },
  'PF-049': {
    sentence: 'weekdayRange over all days is true, also around the end of the week',
    evidence: 'MDN',
    script: asks('weekdayRange("SUN", "SAT") && weekdayRange("MON", "SUN")'),
    expect: [['http://a.example/', ONE]],
  },
  'PF-050': {
    sentence: 'weekdayRange of an unknown day is false',
    evidence: 'Chromium',
    script: asks('weekdayRange("XYZ") || weekdayRange("mon")'),
    expect: [['http://a.example/', TWO]],
  },
  'PF-051': {
    sentence: 'weekdayRange takes GMT as last argument',
    evidence: 'MDN',
    script: asks('weekdayRange("SUN", "SAT", "GMT")'),
    expect: [['http://a.example/', ONE]],
  },
  'PF-052': {
    sentence: 'dateRange over the year, over all days and all months is true',
    evidence: 'MDN',
    script: asks(
      'dateRange(1, 31) && dateRange("JAN", "DEC") && dateRange(2020, 2120) && dateRange(1, "JAN", 31, "DEC")',
    ),
    expect: [['http://a.example/', ONE]],
  },
  'PF-053': {
    sentence: 'dateRange of a year that is over is false',
    evidence: 'MDN',
    script: asks('dateRange(1990) || dateRange(1990, 1999)'),
    expect: [['http://a.example/', TWO]],
  },
  'PF-054': {
    sentence: 'timeRange of two hours includes the last one',
    evidence: 'Chromium',
    script: asks('timeRange(0, 23)'),
    expect: [['http://a.example/', ONE]],
  },
  'PF-055': {
    sentence: 'timeRange of four and six numbers is true over the day',
    evidence: 'MDN',
    script: asks('timeRange(0, 0, 23, 59) && timeRange(0, 0, 0, 23, 59, 59)'),
    expect: [['http://a.example/', ONE]],
  },
  'PF-056': {
    sentence: 'timeRange with three numbers throws, so the route is direct',
    evidence: 'Chromium',
    script: asks('timeRange(1, 2, 3)'),
    warnings: 1,
    expect: [['http://a.example/', 'DIRECT']],
  },
};
