import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { importScript } from '../../helpers/script.ts';

const { takeOption } = await importScript('scripts/lib/arguments.mjs');
const { chosenLines, nodeLines } = await importScript('scripts/lib/node-lines.mjs');

describe('the lines of Node', () => {
  it('match the matrix of ci.yml and package.json', () => {
    const { jobs } = parse(readFileSync('.github/workflows/ci.yml', 'utf8'));
    expect(jobs.test.strategy.matrix.node).toEqual(nodeLines);
    const { engines } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(engines.node).toMatch(new RegExp(`^>=${nodeLines[0]}\\.`));
  });

  it.each([
    ['24', [24]],
    ['26,20', [20, 26]],
    ['oldest,newest', [20, 26]],
    ['newest,26', [26]],
    ['all', [20, 22, 24, 26]],
  ])('are selected by --node %s', (value, lines) => {
    expect(chosenLines(value, [20, 22, 24, 26])).toEqual(lines);
  });

  it.each(['', '23', '22,latest', '22,'])('are not selected by --node "%s"', (value) => {
    expect(() => chosenLines(value, [20, 22])).toThrow('Choose from 20, 22, oldest, newest, all');
  });
});

describe('takeOption', () => {
  it.each([
    [['--node', '24', 'test/web'], '24', ['test/web']],
    [['test/web', '--node=24', '-t', 'x'], '24', ['test/web', '-t', 'x']],
    [['test/web', '--nodes'], undefined, ['test/web', '--nodes']],
  ])('finds it in %j', (args, value, rest) => {
    expect(takeOption(args, 'node')).toEqual({ value, rest });
  });

  it.each([[['--node']], [['--node=']]])('throws without a value: %j', (args) => {
    expect(() => takeOption(args, 'node')).toThrow('--node needs a value');
  });
});
