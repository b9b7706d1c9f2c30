// The repository of this project.
import { Stop } from './run.mjs';

/** Stands for the repository in README.md and docs until a release names it. */
export const PLACEHOLDER = 'OWNER/winwire';

/**
 * Returns the `repository` of package.json from the variables of a GitHub job. `npm publish --provenance` compares it
 * with the job's repository, and rejects a package without it (npm Docs, "Generating provenance statements").
 */
export function repositoryOf({ GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name }) {
  if (!server || !name) throw new Stop('Set GITHUB_SERVER_URL and GITHUB_REPOSITORY, as a job of GitHub has them.');
  return { type: 'git', url: `git+${server}/${name}.git` };
}

/** Replaces the placeholder in a page by the repository of the job. */
export const nameRepository = (text, { GITHUB_REPOSITORY: name }) => text.replaceAll(PLACEHOLDER, name);
