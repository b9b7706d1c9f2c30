// Builds the engine's own tests, plain and under sanitizers.
import { nativeSources } from '../../scripts/lib/files.mjs';
import { announce } from '../../scripts/lib/project.mjs';
import { baseFlags, compileObjects, link } from './compile.mjs';

export const sanitizers = ['-fsanitize=address,undefined', '-fno-sanitize-recover=all', '-fno-omit-frame-pointer'];

/** Ways to build the engine's tests. */
export const variants = {
  plain: ['-O1', '-g'],
  sanitize: ['-O1', '-g', ...sanitizers],
  thread: ['-O1', '-g', '-fsanitize=thread'],
};

const engineTestSources = () => {
  const { engine, pump, threads, auth, statements, permissive, engine_tests: tests, ...more } = nativeSources();
  const gss = [...more.auth_gss, ...more.auth_gss_tests];
  return [...engine, ...pump, ...threads, ...auth, ...gss, ...statements, ...permissive, ...tests];
};

/** The sources of the engine and its own tests, without those of other parts. */
export const engineOnlySources = () => {
  const { engine, statements, engine_tests: tests } = nativeSources();
  const own = /^native\/test\/(engine|model|support|engine_tests_main\.cc)/;
  return [...engine, ...statements, ...tests.filter((file) => own.test(file))];
};

/** Builds the engine's tests in a separate folder and resolves to the program. */
export async function buildEngineTests({ variant = 'plain', compiler = 'c++' } = {}) {
  const folder = `build/engine-tests/${compiler}-${variant}`;
  const output = `${folder}/engine_tests`;
  announce(`${compiler}: building the engine's tests${variant === 'plain' ? '' : ` (${variant})`} in ${folder}`);
  const objects = await compileObjects({
    folder,
    compiler,
    flags: [...baseFlags, ...variants[variant]],
    sources: engineTestSources(),
  });
  const flags = variants[variant].filter((flag) => flag.startsWith('-fsanitize'));
  link({ output, compiler, flags: [...flags, '-pthread'], objects });
  return output;
}
