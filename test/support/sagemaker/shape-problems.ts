import { type Shape, shapes } from './service-model.ts';

const shapeOf = (name: string): Shape => {
  const shape = shapes[name];
  if (shape === undefined) throw new Error(`the service model has no shape ${name}`);
  return shape;
};

const sizeProblem = (size: number, { min, max }: Shape, what: string): string | undefined => {
  if (min !== undefined && size < min) return `Member must have ${what} greater than or equal to ${min}`;
  if (max !== undefined && size > max) return `Member must have ${what} less than or equal to ${max}`;
  return undefined;
};

const textProblem = (value: string, shape: Shape): string | undefined => {
  if (shape.enum && !shape.enum.includes(value))
    return `Member must satisfy enum value set: [${shape.enum.join(', ')}]`;
  if (shape.pattern && !new RegExp(`^(?:${shape.pattern})$`, 'u').test(value))
    return `Member must satisfy regular expression pattern: ${shape.pattern}`;
  return sizeProblem(value.length, shape, 'length');
};

const wrong = (value: unknown, path: string, problem: string | undefined): string[] =>
  problem === undefined ? [] : [`Value '${String(value)}' at '${path}' failed to satisfy constraint: ${problem}`];

const structureProblems = (value: Record<string, unknown>, shape: Shape, path: string): string[] => {
  const at = (name: string) => (path === '' ? name : `${path}.${name}`);
  const missing = (shape.required ?? []).filter((name) => value[name] === undefined || value[name] === null);
  const unknown = Object.keys(value).filter((name) => shape.members?.[name] === undefined);
  return [
    ...missing.flatMap((name) => wrong('null', at(name), 'Member must not be null')),
    ...unknown.flatMap((name) => wrong(value[name], at(name), 'Member is not known')),
    ...Object.entries(shape.members ?? {}).flatMap(([name, type]) =>
      value[name] === undefined ? [] : shapeProblems(value[name], type, at(name)),
    ),
  ];
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Everything in which a value does not fit a shape of the service model, each in the service's words. */
export const shapeProblems = (value: unknown, shapeName: string, path = ''): string[] => {
  const shape = shapeOf(shapeName);
  const mistyped = () => wrong(value, path, `Member must be a ${shape.type}`);
  switch (shape.type) {
    case 'structure':
      return isRecord(value) ? structureProblems(value, shape, path) : mistyped();
    case 'list':
      if (!Array.isArray(value)) return mistyped();
      return [
        ...wrong(value, path, sizeProblem(value.length, shape, 'length')),
        ...value.flatMap((each, index) => shapeProblems(each, shape.member ?? '', `${path}.${index + 1}.member`)),
      ];
    case 'map':
      if (!isRecord(value)) return mistyped();
      return [
        ...wrong(value, path, sizeProblem(Object.keys(value).length, shape, 'length')),
        ...Object.entries(value).flatMap(([key, each]) => [
          ...shapeProblems(key, shape.key ?? '', `${path}.${key}`),
          ...shapeProblems(each, shape.value ?? '', `${path}.${key}.member`),
        ]),
      ];
    case 'string':
      return typeof value === 'string' ? wrong(value, path, textProblem(value, shape)) : mistyped();
    case 'integer':
      return Number.isInteger(value) ? wrong(value, path, sizeProblem(value as number, shape, 'value')) : mistyped();
    case 'timestamp':
      return typeof value === 'number' ? [] : mistyped();
    default:
      return typeof value === shape.type ? [] : mistyped();
  }
};
