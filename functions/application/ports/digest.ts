/** One-way digests. */
export interface Digest {
  /** Hex. */
  sha256(text: string): string;
  /** Base64url of HMAC-SHA256. */
  hmac(key: string, text: string): string;
  /** Compares in constant time. */
  equal(a: string, b: string): boolean;
}
