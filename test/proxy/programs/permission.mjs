// Looks up proxies from each kind of source, and prints the results.
import { resolveProxy } from 'winwire';

const sources = {
  option: { proxy: 'a:1' },
  environment: 'environment',
  system: 'system',
  script: { pac: 'data:,function FindProxyForURL() { return "PROXY b:2" }' },
};
for (const [name, from] of Object.entries(sources)) {
  const answer = await resolveProxy('http://example.org/', { from, backend: 'portable' }).then(
    (resolution) => `${resolution} ${resolution.warnings.map(({ message }) => message)}`,
    ({ code, message }) => `${code} ${message}`,
  );
  console.log(`${name}: ${answer.trim()}`);
}
