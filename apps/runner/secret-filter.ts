/** Takes the secrets that the runner knows out of whatever it reports. */
export interface SecretFilter {
  add(secret: string): void;
  clean(text: string): string;
}

const shortestSecret = 8;

/** A filter that knows the given secrets. Shorter ones than 8 characters would take ordinary words out and are left alone. */
export function secretFilter(secrets: readonly string[] = []): SecretFilter {
  const known = new Set(secrets.filter(({ length }) => length >= shortestSecret));
  return {
    add: (secret) => void (secret.length >= shortestSecret && known.add(secret)),
    clean: (text) => [...known].reduce((cleaned, secret) => cleaned.replaceAll(secret, '[secret]'), text),
  };
}
