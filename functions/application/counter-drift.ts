import type { SweepPorts } from './sweep-each.ts';

/** A counter that was found wrong and has been corrected. */
export interface CounterDrift {
  readonly tenantId: string;
  /** The gate, or `agent` for the units of an agent. */
  readonly kind: string;
  /** Recounted minus stored. */
  readonly drift: number;
  readonly agentId?: string | undefined;
  /** Sessions that held a slot which was not theirs. */
  readonly freed?: readonly string[] | undefined;
  /** How many were let in. */
  readonly admitted?: number | undefined;
}

/** What a sweep that recounts needs: whom it tells of each counter that it has corrected. */
export interface RecountPorts extends SweepPorts {
  readonly report: (drift: CounterDrift) => void;
}
