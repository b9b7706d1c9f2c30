// JSON schemas of GitHub's files other than workflows, as far as this project uses them.

const text = { type: 'string', minLength: 1 };
const object = (properties, required = []) => ({ type: 'object', properties, required, additionalProperties: false });

const validations = object({ required: { type: 'boolean' } });
const described = { label: text, description: text };
const options = { type: 'array', items: text, minItems: 1, uniqueItems: true };
const boxes = { type: 'array', minItems: 1, items: object({ label: text, required: { type: 'boolean' } }, ['label']) };

const element = (type, attributes, required = ['label']) => ({
  ...object(
    {
      type: { const: type },
      id: { type: 'string', pattern: '^[\\w-]+$' },
      attributes: object(attributes, required),
      validations,
    },
    ['type', 'attributes'],
  ),
});

/** GitHub Docs, "Syntax for GitHub's form schema" and "Syntax for issue forms". */
export const issueFormSchema = object(
  {
    name: text,
    description: text,
    title: text,
    labels: { type: 'array', items: text, uniqueItems: true },
    assignees: { type: 'array', items: text },
    body: {
      type: 'array',
      minItems: 1,
      // A form without inputs asks nothing.
      contains: { type: 'object', properties: { type: { not: { const: 'markdown' } } } },
      items: {
        type: 'object',
        required: ['type'],
        discriminator: { propertyName: 'type' },
        oneOf: [
          element('markdown', { value: text }, ['value']),
          element('input', { ...described, placeholder: text, value: text }),
          element('textarea', { ...described, placeholder: text, value: text, render: text }),
          element('dropdown', { ...described, options, multiple: { type: 'boolean' }, default: { type: 'integer' } }, [
            'label',
            'options',
          ]),
          element('checkboxes', { ...described, options: boxes }, ['label', 'options']),
        ],
      },
    },
  },
  ['name', 'description', 'body'],
);

const group = object({
  'dependency-type': { enum: ['development', 'production'] },
  'update-types': { type: 'array', items: { enum: ['major', 'minor', 'patch'] } },
  patterns: { type: 'array', items: text },
  'exclude-patterns': { type: 'array', items: text },
});

/** GitHub Docs, "Dependabot options reference". */
export const dependabotSchema = object(
  {
    version: { const: 2 },
    updates: {
      type: 'array',
      minItems: 1,
      items: object(
        {
          'package-ecosystem': { enum: ['npm', 'github-actions'] },
          // GitHub also accepts one `directory`; here it is always a list.
          directories: { type: 'array', items: { type: 'string', pattern: '^/' }, minItems: 1 },
          schedule: object({ interval: { enum: ['daily', 'weekly', 'monthly'] }, day: text }, ['interval']),
          'open-pull-requests-limit': { type: 'integer', minimum: 0 },
          labels: { type: 'array', items: text },
          groups: { type: 'object', additionalProperties: group },
        },
        ['package-ecosystem', 'directories', 'schedule'],
      ),
    },
  },
  ['version', 'updates'],
);
