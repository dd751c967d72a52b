export interface Python {
  readonly executable: string;
  readonly hasVenv: boolean;
  readonly version: string;
}
export declare function requireSystem(system?: { platform?: string; node?: string }): void;
export declare function requireCommands(): void;
export declare function findPython(least?: readonly [number, number]): Python;
