// The project's tests over sources that tools/mutate/lib-worker.mjs replaces; their meta contains the reached probes.
import { mergeConfig } from 'vitest/config';
import config from '../../vitest.config.ts';

interface Mutation {
  /** Returns the replaced text of a file. */
  mutated?(file: string): string | undefined;
}

export default mergeConfig(config, {
  plugins: [
    {
      name: 'winwire:mutation',
      enforce: 'pre',
      transform: (_code: string, id: string) => (globalThis as Mutation).mutated?.(id),
    },
  ],
  test: { setupFiles: ['tools/mutate/reach-setup.ts'] },
});
