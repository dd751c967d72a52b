/** Secrets of the platform, by role. */
export interface Secrets {
  agentMasterKey(): Promise<string>;
  bootstrapToken(): Promise<string>;
}
