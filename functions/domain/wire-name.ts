/** The name that a field has for everybody outside: snake_case for camelCase. */
export const wireName = (field: string): string => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
