// The repository that a job of CI runs for.
import { Stop } from './run.mjs';

/**
 * The `repository` of package.json, of the variables that each job of GitHub has. `npm publish --provenance` compares it with
 * the repository that the job ran in, and refuses a package without it (npm Docs, "Generating provenance statements").
 */
export function repositoryOf({ GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name }) {
  if (!server || !name) throw new Stop('Set GITHUB_SERVER_URL and GITHUB_REPOSITORY, as a job of GitHub has them.');
  return { type: 'git', url: `git+${server}/${name}.git` };
}
