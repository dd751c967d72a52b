/** The runner does not know what it was given. It never guesses: what it refuses here would mean something on AWS. */
export class Refused extends Error {
  constructor(where: string, what: string) {
    super(`${where}: ${what}`);
    this.name = 'Refused';
  }
}
