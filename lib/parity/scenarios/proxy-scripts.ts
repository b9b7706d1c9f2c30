/** What PAC scripts answer, and the arguments that they get. */
import { asks, find, ONE, type PacStatement, returns, TWO } from './pac-statement.ts';

export const answerStatements: Readonly<Record<string, PacStatement>> = {
  'PF-001': {
    sentence: 'given a script that returns one proxy, then that is the route',
    evidence: 'MDN',
    script: returns(ONE),
    expect: [['http://a.example/', ONE]],
  },
  'PF-002': {
    sentence: 'given DIRECT, then the route is direct',
    evidence: 'MDN',
    script: returns('DIRECT'),
    expect: [['http://a.example/', 'DIRECT']],
  },
  'PF-003': {
    sentence: 'given several entries, then they are routes in their order',
    evidence: 'MDN',
    script: returns('PROXY one.test:8001; PROXY two.test:8002; DIRECT'),
    expect: [['http://a.example/', 'PROXY one.test:8001; PROXY two.test:8002; DIRECT']],
  },
  'PF-004': {
    sentence: 'given words in lower case, then they are understood',
    evidence: 'Chromium',
    script: returns('proxy one.test:8001'),
    expect: [['http://a.example/', ONE]],
  },
  'PF-005': {
    sentence: 'given blanks and empty entries, then they are ignored',
    evidence: 'Chromium',
    script: returns(' ;; PROXY\tone.test:8001 ; ;PROXY two.test:8002;'),
    expect: [['http://a.example/', 'PROXY one.test:8001; PROXY two.test:8002']],
  },
  'PF-006': {
    sentence: 'given a proxy without a port, then it is port 80',
    evidence: 'Chromium',
    script: returns('PROXY one.test'),
    expect: [['http://a.example/', 'PROXY one.test:80']],
  },
  'PF-007': {
    sentence: 'given HTTPS, then the route is a proxy by TLS, with port 443 without one',
    evidence: 'Chromium',
    script: find('return host == "a.example" ? "HTTPS one.test:8001" : "HTTPS one.test";'),
    expect: [
      ['http://a.example/', 'HTTPS one.test:8001'],
      ['http://b.example/', 'HTTPS one.test:443'],
    ],
  },
  'PF-008': {
    sentence: 'given SOCKS or SOCKS4, then the route is SOCKS version 4',
    evidence: 'Chromium',
    script: find('return host == "a.example" ? "SOCKS one.test" : "SOCKS4 one.test:8001";'),
    expect: [
      ['http://a.example/', 'SOCKS4 one.test:1080'],
      ['http://b.example/', 'SOCKS4 one.test:8001'],
    ],
  },
  'PF-009': {
    sentence: 'given SOCKS5, then the route is SOCKS version 5',
    evidence: 'Chromium',
    script: returns('SOCKS5 one.test:8001'),
    expect: [['http://a.example/', 'SOCKS5 one.test:8001']],
  },
  'PF-010': {
    sentence: 'given an IPv6 address in brackets, then that is the host',
    evidence: 'Chromium',
    script: returns('PROXY [2001:db8::1]:8001'),
    expect: [['http://a.example/', 'PROXY [2001:db8::1]:8001']],
  },
  'PF-011': {
    sentence: 'given an unknown word beside a valid entry, then it is left out with a warning',
    evidence: 'Chromium',
    script: returns('HTTP one.test:1; PROXY one.test:8001'),
    warnings: 1,
    expect: [['http://a.example/', ONE]],
  },
  'PF-012': {
    sentence: 'given entries that are all invalid, then the route is direct, with a warning each',
    evidence: 'Chromium',
    script: returns('nonsense; PROXY; PROXY one.test:99999'),
    warnings: 3,
    expect: [['http://a.example/', 'DIRECT']],
  },
  'PF-013': {
    sentence: 'given an empty string, then the route is direct',
    evidence: 'Chromium',
    script: returns(''),
    expect: [['http://a.example/', 'DIRECT']],
  },
  'PF-014': {
    sentence: 'given no answer, then the route is direct, with a warning',
    evidence: 'rule',
    script: find(''),
    warnings: 1,
    expect: [['http://a.example/', 'DIRECT']],
  },
  'PF-015': {
    sentence: 'given null, then the route is direct, with a warning',
    evidence: 'rule',
    script: find('return null;'),
    warnings: 1,
    expect: [['http://a.example/', 'DIRECT']],
  },
  'PF-016': {
    sentence: 'given a number, then the route is direct, with a warning',
    evidence: 'rule',
    script: find('return 1;'),
    warnings: 1,
    expect: [['http://a.example/', 'DIRECT']],
  },
  'PF-017': {
    sentence: 'given an object with a toString, then the route is direct, with a warning',
    evidence: 'rule',
    script: find('return { toString: function () { return "PROXY one.test:8001"; } };'),
    warnings: 1,
    expect: [['http://a.example/', 'DIRECT']],
  },
  'PF-018': {
    sentence: 'given a list that the script builds, then all entries are routes',
    evidence: 'rule',
    script: find(
      'var all = []; for (var i = 0; i < 3; i++) all.push("PROXY h" + i + ".test:1"); return all.join(";");',
    ),
    expect: [['http://a.example/', 'PROXY h0.test:1; PROXY h1.test:1; PROXY h2.test:1']],
  },
  'PF-019': {
    sentence: 'given a URL with user, path, query and fragment, then the script gets its origin',
    evidence: 'rule',
    script: asks('url == "http://a.example/"'),
    expect: [['http://u:p@a.example/path?query#x', ONE]],
  },
  'PF-020': {
    sentence: "given a port that is not the default, then the script's URL has it",
    evidence: 'rule',
    script: asks('url == "http://a.example:81/"'),
    expect: [
      ['http://a.example:81/', ONE],
      ['http://a.example:80/', TWO],
    ],
  },
  'PF-021': {
    sentence: 'given https:, then the URL says so',
    evidence: 'rule',
    script: asks('url.substring(0, 6) == "https:"'),
    expect: [
      ['https://a.example/x', ONE],
      ['http://a.example/', TWO],
    ],
  },
  'PF-022': {
    sentence: 'given ws: and wss:, then the script is asked as for http: and https:',
    evidence: 'rule',
    script: asks('url.substring(0, 5) == "http:"'),
    expect: [
      ['ws://a.example/', ONE],
      ['wss://a.example/', TWO],
    ],
  },
  'PF-023': {
    sentence: 'given a host in upper case, then the script gets it in lower case',
    evidence: 'Chromium',
    script: asks('host == "a.example"'),
    expect: [['http://A.EXAMPLE/', ONE]],
  },
  'PF-024': {
    sentence: 'given an IPv6 address, then the host has no brackets',
    evidence: 'rule',
    script: asks('host == "2001:db8::1"'),
    expect: [['http://[2001:db8::1]/', ONE]],
  },
  'PF-025': {
    sentence: 'given a name beyond ASCII, then the script gets its ASCII form',
    evidence: 'Chromium',
    script: asks('host == "xn--bcher-kva.example"'),
    expect: [['http://bücher.example/', ONE]],
  },
  'PF-026': {
    sentence: 'given a script that changes its arguments, then the next look-up gets its own',
    evidence: 'rule',
    script: find(
      'var h = host; host = "x"; url = "y"; return h == "a.example" ? "PROXY one.test:8001" : "PROXY two.test:8002";',
    ),
    expect: [
      ['http://a.example/', ONE],
      ['http://b.example/', TWO],
    ],
  },
};
