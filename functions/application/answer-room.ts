/** An answer that is longer is not delivered, and what it grants would be granted unheard. */
const ANSWER_MAX_BYTES = 4 * 1024 * 1024;
/** What stands in an answer beside what it grants. */
const FRAME_BYTES = 1024;

/** How much more one answer holds. */
export interface AnswerRoom<Part> {
  /** Whether something that was asked for did not fit. */
  readonly isFull: boolean;
  fits(part: Part): boolean;
  take(part: Part): void;
}

/** An empty answer. Its first part always fits, because it would fit into no other answer either. */
export const answerRoom = <Part>(sizeOf: (part: Part) => number = () => 0): AnswerRoom<Part> => {
  let leftBytes = Number.POSITIVE_INFINITY;
  let isFull = false;
  return {
    get isFull() {
      return isFull;
    },
    fits(part) {
      isFull ||= sizeOf(part) > leftBytes;
      return !isFull;
    },
    take(part) {
      leftBytes = Math.min(leftBytes, ANSWER_MAX_BYTES - FRAME_BYTES) - sizeOf(part);
    },
  };
};
