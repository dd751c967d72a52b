import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Problem } from '#contracts/problem';
import document from '#docs/openapi' with { type: 'json' };
import { anApiWith } from '#test/support/in-process-api';
import { UNKNOWN_ID } from '#test/support/matrix-request';
import { arbitraryOf, type JsonSchema } from '#test/support/schema-arbitrary';
import { CANARY, twoTenants } from '#test/support/two-tenants';

interface Parameter {
  readonly in: 'path' | 'query';
  readonly name: string;
  readonly schema: JsonSchema;
}

interface Operation {
  readonly operationId: string;
  readonly 'x-role': string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: JsonSchema } } };
}

const described = document as unknown as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
};

const operations = Object.entries(described.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ method: method.toUpperCase(), path, ...operation })),
);

/** A value as a query says it; an object may have members that its own conversion to a string trips over. */
const inText = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));

/** `npm test` has time for more. */
const REQUESTS = Number(process.env['FUZZ_REQUESTS'] ?? 3000);

describe('requests made up from the description of the API', () => {
  it('are answered as it says, never with a fault, and never with anything of another tenant', async () => {
    const { items, own, other } = await twoTenants();
    const api = await anApiWith(items);
    const ids = [...Object.values(own.ids), ...Object.values(other.ids), UNKNOWN_ID];
    const known = { schemas: described.components.schemas, ids };
    const keys = [...Object.values(own.keys), own.keys['member'], own.keys['lead'], own.keys['agent']];

    const requests = operations.map(({ method, path, parameters = [], requestBody, ...operation }) => {
      const inPath = parameters.filter((one) => one.in === 'path').map(({ name }) => name);
      const inQuery = parameters.filter((one) => one.in === 'query');
      return fc.record({
        operation: fc.constant(operation),
        method: fc.constant(method),
        path: fc
          .tuple(
            ...inPath.map((name) =>
              fc.constantFrom(own.ids[name] ?? UNKNOWN_ID, own.ids[name] ?? UNKNOWN_ID, ...ids, 'x'),
            ),
          )
          .map((values) => inPath.reduce((text, name, index) => text.replace(`{${name}}`, values[index] ?? ''), path)),
        query: fc.record(
          Object.fromEntries(inQuery.map(({ name, schema }) => [name, arbitraryOf(schema, known).map(inText)])),
          { requiredKeys: [] },
        ),
        body: requestBody ? arbitraryOf(requestBody.content['application/json'].schema, known) : fc.constant(undefined),
        key: fc.constantFrom(undefined, 'nonsense', ...keys),
        headers: fc.record(
          {
            'idempotency-key': fc.constantFrom('once', 'twice', 'ü'),
            'if-match': fc.constantFrom('*', '"1"', '"7"', 'W/"1"', 'nonsense'),
            'x-request-id': fc.constantFrom('my-request-1', 'odd id!'),
          },
          { requiredKeys: [] },
        ),
      });
    });

    await fc.assert(
      fc.asyncProperty(fc.oneof(...requests), async ({ operation, key, body, query, ...request }) => {
        // the call itself fails on an undeclared code and on an answer beside its schema
        const { status, text, json, headers } = await api.call({
          ...request,
          key,
          query: query as Readonly<Record<string, string>>,
          ...(body === undefined ? {} : { text: JSON.stringify(body) }),
        });
        expect(status).toBeLessThan(500);
        expect(text).not.toContain(CANARY);
        expect(headers['x-request-id']).toMatch(/^[A-Za-z0-9_-]{8,64}$/);
        expect(headers['x-content-type-options']).toBe('nosniff');
        if (status >= 400) expect(Problem.safeParse(json).success).toBe(true);
        const isOpen = ['public', 'bootstrap'].includes(operation['x-role']);
        if (!isOpen && (key === undefined || key === 'nonsense')) expect(status).toBe(401);
      }),
      { seed: 4, numRuns: REQUESTS },
    );
  }, 60_000);
});
