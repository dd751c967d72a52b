export const WARNING_TYPES = [
  'event_gap',
  'artifact_mismatch',
  'unpriced_tokens',
  'agent_takeover',
  'recovered',
  'result_cut',
] as const;

/** Something that went wrong with a session's work and did not end it. */
export interface Warning {
  readonly type: (typeof WARNING_TYPES)[number];
  readonly message: string;
  readonly at: string;
}

const KEPT = 50;

/** Live values with one more warning; the newest are kept. */
export const warned = <Live extends { readonly warnings?: readonly Warning[] | undefined }>(
  live: Live,
  warning: Warning,
): Live => ({ ...live, warnings: [...(live.warnings ?? []), warning].slice(-KEPT) });
