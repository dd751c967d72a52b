/**
 * Why the work on an assignment ends before it is done.
 *
 * - `lost`: somebody else has the assignment, or it is over: throw the work away
 * - `cancelled`: the control plane asked for it: throw the work away and say so
 * - `deadline`: its time is up: hand back what there is
 * - `stopped`: the runner is told to end: give the assignment back, for another runner
 */
export class Interruption extends Error {
  readonly kind: 'lost' | 'cancelled' | 'deadline' | 'stopped';
  constructor(kind: Interruption['kind'], message: string) {
    super(message);
    this.name = 'Interruption';
    this.kind = kind;
  }
}

/** The time for the work is up. */
export const outOfTime = (): Interruption => new Interruption('deadline', 'the session ran out of time');
