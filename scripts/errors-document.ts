import { type ErrorCode, type ErrorRow, errors } from '#contracts/errors';
import type { Route } from '#contracts/route';
import { routes } from '#contracts/routes';
import { errorCodesOf } from '#scripts/openapi-document';

const HEAD = `# Errors

Every refusal is a problem document (\`application/problem+json\`): \`type\`, \`title\`, \`status\`, \`detail\`, \`code\`, \`request_id\`, \`retryable\`,
\`remedy\`, and for a \`VALIDATION_ERROR\` the wrong fields in \`errors\`. Decide by \`code\`; texts may change. What is retryable carries \`Retry-After\`.
Only what the gateway itself refuses (more than 10 MB, throttled, a crashed function) has another shape.

This page is generated from the contracts: \`npm run generate\`.
`;

/** Above this many, a code is one of nearly every operation. */
const MOST_NAMED = 8;

const all = Object.values(routes) as Route[];

const operationsOf = (code: ErrorCode): string => {
  const names = all.filter((route) => errorCodesOf(route).includes(code)).map(({ operationId }) => operationId);
  if (names.length === all.length) return 'all';
  if (names.length === 0) return 'paths and methods that are not offered';
  return names.length > MOST_NAMED ? `${names.length} operations` : names.map((name) => `\`${name}\``).join(' ');
};

const line = (code: ErrorCode, { status, retryable, title, remedy }: ErrorRow): string =>
  `| ${status} | \`${code}\` | ${title} | ${retryable ? 'yes' : 'no'} | ${remedy} | ${operationsOf(code)} |`;

/** Every code that the API answers, with what it means and what to do. */
export const errorsDocument = (): string => {
  const rows = (Object.entries(errors) as [ErrorCode, ErrorRow][]).toSorted(
    ([a, { status: first }], [b, { status: second }]) => first - second || (a < b ? -1 : 1),
  );
  const table = ['| status | code | means | retryable | remedy | operations |', '|---|---|---|---|---|---|'];
  return `${HEAD}\n${[...table, ...rows.map(([code, row]) => line(code, row))].join('\n')}\n`;
};
