/** Session tag that carries the tenant; the policy of the tenant's role compares keys with it. */
export const TENANT_TAG = 'tenant_id';
