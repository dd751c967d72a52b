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

type Warned = { readonly warnings?: readonly Warning[] | undefined };

/** Live values with one more warning; the newest are kept. */
export const warned = <Live extends Warned>(live: Live, warning: Warning): Live => ({
  ...live,
  warnings: [...(live.warnings ?? []), warning].slice(-KEPT),
});

/** The same, of something that may well happen again: what is said already is not said twice. */
export const warnedOnce = <Live extends Warned>(live: Live, warning: Warning): Live =>
  live.warnings?.some(({ type, message }) => type === warning.type && message === warning.message)
    ? live
    : warned(live, warning);
