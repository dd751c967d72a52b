declare module 'asl-validator' {
  interface Verdict {
    readonly isValid: boolean;
    errorsText(separator?: string): string;
  }
  const validate: (definition: unknown) => Verdict;
  export default validate;
}
