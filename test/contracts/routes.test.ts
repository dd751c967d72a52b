import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { errors } from '#contracts/errors';
import type { Route } from '#contracts/route';
import { routes } from '#contracts/routes';
import { errorsDocument } from '#scripts/errors-document';
import { errorCodesOf, openApiDocument } from '#scripts/openapi-document';
import type { Found } from '#test/lib/synthesis';

const all = Object.values(routes) as Route[];

describe('the route table', () => {
  it('names every operation and every place once', () => {
    expect(new Set(all.map(({ operationId }) => operationId)).size).toBe(all.length);
    expect(new Set(all.map(({ method, path: at }) => `${method} ${at}`)).size).toBe(all.length);
  });

  it.each(all)('says all about $operationId', (route) => {
    expect(route.summary).toMatch(/\.$/);
    for (const code of errorCodesOf(route)) expect(errors[code].status).toBeGreaterThanOrEqual(400);
    expect(route.path.includes('{')).toBe(route.params !== undefined);
    expect(['POST', 'PATCH', 'PUT'].includes(route.method)).toBe(route.body !== undefined);
  });

  it('has an example of every body', () => {
    for (const { operationId, body } of all) {
      const example = (body?.meta() as { example?: unknown } | undefined)?.example;
      if (body && example !== undefined)
        expect(`${operationId} ${body.safeParse(example).success}`).toBe(`${operationId} true`);
    }
  });
});

describe('docs/openapi.json', () => {
  const document = openApiDocument();

  it('is what the contracts say now (npm run generate makes it anew)', () => {
    const file = path.join(import.meta.dirname, '../../docs/openapi.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(document)));
  });

  it('has every operation with its role and group', () => {
    const operations = Object.values(document.paths ?? {}).flatMap((item) => Object.values(item));
    expect(operations.map((one) => [one.operationId, one['x-role'], one['x-group']])).toEqual(
      expect.arrayContaining(all.map(({ operationId, role, group }) => [operationId, role, group])),
    );
    expect(operations).toHaveLength(all.length);
  });

  it('names the headers that change what a request does, and the ETag of what has a version', () => {
    const headersOf = (route: string, method: 'get' | 'post' | 'patch') => {
      const { parameters = [], responses } = (document.paths as Found)[route][method];
      const asked = parameters.flatMap(({ in: where, name }: Found) => (where === 'header' ? [name] : []));
      return { asked, answered: Object.keys(responses['200']?.headers ?? {}) };
    };
    const start = headersOf('/api/v1/sessions/{session_id}/start', 'post');
    expect(start).toEqual({ asked: ['X-Tenant-ID', 'Idempotency-Key', 'If-Match'], answered: ['ETag'] });
    expect(headersOf('/api/v1/sessions', 'get')).toEqual({ asked: ['X-Tenant-ID'], answered: [] });
    expect(headersOf('/health', 'get')).toEqual({ asked: [], answered: [] });
  });
});

describe('docs/errors.md', () => {
  it('is what the contracts say now (npm run generate makes it anew)', () => {
    const file = path.join(import.meta.dirname, '../../docs/errors.md');
    expect(readFileSync(file, 'utf8')).toBe(errorsDocument());
  });
});

describe('the error table', () => {
  it('says of every code what it means and what to do', () => {
    for (const [code, { status, title, remedy, retryable }] of Object.entries(errors)) {
      expect(code).toMatch(/^[A-Z_]+$/);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(title.length * remedy.length).toBeGreaterThan(0);
      if (status >= 500) expect(retryable).toBe(true);
    }
  });
});
