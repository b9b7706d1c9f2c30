// Checks the subjects of new commits.
import { checkCommits } from '../../tools/text-checks/commit-subjects.mjs';
import { announce, inProject } from './project.mjs';
import { Stop } from './run.mjs';

/** Stops with the faults of the subjects of new commits. */
export function checkSubjects() {
  const { checked, faults } = checkCommits({ folder: inProject('.') });
  announce(checked);
  if (faults.length > 0) throw new Stop(faults.join('\n'));
}
