// Creates mutants of a TypeScript source text.
import { parseAst } from 'rolldown/parseAst';
import { named } from './mutants.mjs';

/** Operators and their replacements. */
const replacements = {
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '==': ['!='],
  '!=': ['=='],
  '===': ['!=='],
  '!==': ['==='],
  '&&': ['||'],
  '||': ['&&'],
  '+': ['-'],
  '-': ['+'],
  '+=': ['-='],
  '-=': ['+='],
  '++': ['--'],
  '--': ['++'],
};

/** The mutants of a node of the syntax tree, by its type. */
const makers = {
  BinaryExpression: binary,
  LogicalExpression: binary,
  AssignmentExpression: binary,
  UpdateExpression: (node) => operator(node, node.prefix ? node.start : node.end - 2),
  UnaryExpression: (node) => (node.operator === '!' ? [{ at: node.start, length: 1, text: '', node }] : []),
  Literal: (node) =>
    typeof node.value === 'boolean'
      ? [{ at: node.start, length: node.end - node.start, text: String(!node.value), node }]
      : [],
  IfStatement: ({ test }) => [...turned(test), wrapped(test, 'false && (', ')')],
  WhileStatement: ({ test }) => turned(test),
  DoWhileStatement: ({ test }) => turned(test),
  ConditionalExpression: ({ test }) => turned(test),
};

/** Returns every mutant of a file, with the position of the expression whose evaluation can show it: { start, end }. */
export function mutantsOf(file, source) {
  const mutants = nodesOf(parseAst(source, { lang: 'ts' })).flatMap((node) => makers[node.type]?.(node, source) ?? []);
  return named(
    file,
    source,
    mutants.map(({ node, ...mutant }) => ({ ...mutant, start: node.start, end: node.end })),
  );
}

function binary(node, source) {
  const between = source
    .slice(node.left.end, node.right.start)
    .replace(/\/\*.*?\*\/|\/\/.*/gs, (text) => ' '.repeat(text.length));
  return operator(node, node.left.end + between.indexOf(node.operator));
}

const operator = (node, at) =>
  (replacements[node.operator] ?? []).map((text) => ({ at, length: node.operator.length, text, node }));

const wrapped = (node, before, after) => ({
  at: node.start,
  length: node.end - node.start,
  wrap: [before, after],
  text: `${before}${after}`,
  node,
});

/** A single comparison or negation is already negated by its own operator. */
const turned = (test) =>
  test.type === 'BinaryExpression' || (test.type === 'UnaryExpression' && test.operator === '!')
    ? []
    : [wrapped(test, '!(', ')')];

/** Returns all nodes except those of types, which do not exist at run time. */
function nodesOf(node) {
  if (Array.isArray(node)) return node.flatMap(nodesOf);
  if (typeof node?.type !== 'string') return [];
  if (node.type.startsWith('TS')) return nodesOf(node.expression ?? node.parameter);
  return [node, ...Object.values(node).flatMap(nodesOf)];
}
