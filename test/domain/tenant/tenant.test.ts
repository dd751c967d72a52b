import { describe, expect, it } from 'vitest';
import { hasRole, ROLES } from '#domain/tenant/tenant';

describe('a role', () => {
  it('has every right of the roles below it and none of those above', () => {
    for (const [level, role] of ROLES.entries()) {
      for (const [other, least] of ROLES.entries()) expect(hasRole(role, least)).toBe(level >= other);
    }
  });
});
