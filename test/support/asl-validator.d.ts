declare module 'asl-validator' {
  interface Verdict {
    readonly isValid: boolean;
    errorsText(separator?: string): string;
  }
  const validate: (definition: unknown) => Verdict;
  // biome-ignore lint/style/noDefaultExport: it is what the package exports
  export default validate;
}
