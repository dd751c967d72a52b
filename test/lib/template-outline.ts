import type { Found, Template } from '#test/lib/synthesis';

/** Said elsewhere, the same for all, or different with each build. */
const LEFT_OUT = new Set([
  ...['Tags', 'Code', 'Description', 'LoggingConfig', 'Role', 'Roles', 'DefinitionString', 'AssumeRolePolicyDocument'],
  ...['AlarmActions', 'OKActions', 'AlarmDescription', 'TreatMissingData', 'ComparisonOperator', 'ApiId'],
  ...['Architectures', 'Runtime', 'Handler', 'Version', 'Label', 'ReturnData'],
]);

/** A reference as text: `Table.Arn`, `data:Table`, `a-${b}-c`. */
const asText = (name: string, value: Found): string | undefined => {
  if (name === 'Ref') return value;
  if (name === 'Fn::GetAtt') return value.join('.');
  if (name === 'Fn::ImportValue') return `import ${value.replace(/^.*:ExportsOutput(Ref|FnGetAtt)/, '')}`;
  if (name === 'Fn::GetStackOutput') return `output ${value.OutputName.replace(/^PublishOutput(Ref|FnGetAtt)/, '')}`;
  if (name === 'Fn::Join') return value[1].map((part: Found) => shortened(part)).join(value[0]);
  return undefined;
};

const shortened = (value: Found): Found => {
  if (Array.isArray(value)) return value.map(shortened);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries<Found>(value).filter(([name]) => !LEFT_OUT.has(name));
  const [first] = entries;
  const text = entries.length === 1 && first ? asText(...first) : undefined;
  return text ?? Object.fromEntries(entries.sort().map(([name, inner]) => [name, shortened(inner)]));
};

/** A template in one line per resource: type, logical id, and the properties that are no matter of course. */
export const outlineOf = ({ Resources }: Template): string =>
  Object.entries(Resources)
    .map(([id, { Type, DeletionPolicy, Properties }]) => {
      const text = JSON.stringify(shortened(Properties)).replaceAll('"', '');
      return `${Type.replace('AWS::', '')} ${id}${DeletionPolicy ? ` (${DeletionPolicy})` : ''} ${text}`;
    })
    .sort()
    .join('\n');
