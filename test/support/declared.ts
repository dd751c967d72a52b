import type { Route } from '#contracts/route';
import { errorCodesOf } from '#scripts/openapi-document';

/**
 * What is not in the contract of an operation must not be in its answers: every call of the API in a test checks it.
 * @throws Error that says what to declare
 */
export const checkDeclared = (
  route: Route,
  { status, json }: { readonly status: number; readonly json?: { readonly code?: unknown } | undefined },
): void => {
  if (status >= 400) {
    const isDeclared = errorCodesOf(route).some((code) => code === json?.code);
    if (!isDeclared)
      throw new Error(`${route.operationId} answers ${String(json?.code)}: declare it in the errors of its route`);
    return;
  }
  if (json === undefined) return;
  const parsed = route.response.safeParse(json);
  if (!parsed.success)
    throw new Error(`${route.operationId} answers what its contract does not say: ${parsed.error.message}`);
};
