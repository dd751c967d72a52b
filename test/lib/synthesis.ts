export interface Resource {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template is as deep as CloudFormation likes
  readonly Properties: any;
}

export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, unknown>>;
}

export interface Stack {
  readonly stackName: string;
  readonly terminationProtection: boolean;
  readonly environment: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly template: Template;
}

interface Violation {
  readonly ruleName: string;
  readonly violatingConstructs: readonly { readonly constructPath: string }[];
}

/** What one plugin of the CDK's validation found. */
export interface CheckReport {
  readonly pluginName: string;
  readonly violations: readonly Violation[];
  readonly suppressedViolations?: readonly (Violation & { readonly reason: string })[];
}

/** What a stage is deployed from; stacks by their name without `iorch-<stage>-`. */
export interface Synthesis {
  readonly stacks: Readonly<Record<string, Stack>>;
  readonly checks: readonly CheckReport[];
}

/** A resource: its logical id and its properties. */
// biome-ignore lint/suspicious/noExplicitAny: a template is as deep as CloudFormation likes
export type Found = any;
