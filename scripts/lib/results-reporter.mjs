// A reporter for vitest: its JSON report, with the files that did not end and the errors that belong to no test. When a process
// of tests dies, vitest's own report lacks the file that it ran, as if it had not been one of the run.
import { JsonReporter } from 'vitest/node';

export default class ResultsReporter extends JsonReporter {
  #asked = [];
  #outside = {};

  onTestRunStart(specifications) {
    this.#asked = specifications.map(({ moduleId, project }) => `${project.name}: ${moduleId}`);
  }

  async onTestRunEnd(modules, unhandledErrors) {
    const ended = new Set(modules.filter(isEnded).map(({ moduleId, project }) => `${project.name}: ${moduleId}`));
    this.#outside = {
      unfinishedFiles: this.#asked.filter((file) => !ended.has(file)),
      unhandledErrors: unhandledErrors.map(textOf),
    };
    await super.onTestRunEnd(modules);
  }

  async writeReport(report) {
    await super.writeReport(JSON.stringify({ ...JSON.parse(report), ...this.#outside }));
  }
}

const isEnded = (module) => !['queued', 'pending'].includes(module.state());

const textOf = ({ message, cause }) => (cause ? `${message} ${textOf(cause)}` : message);
