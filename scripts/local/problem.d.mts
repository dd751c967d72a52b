export declare class Problem extends Error {}
export declare function showFailure(error: unknown): void;
