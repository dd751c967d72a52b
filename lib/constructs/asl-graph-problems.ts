import { type AslMachine, successorsOf, waitsForToken } from '#lib/constructs/asl-definition';

/** The states that can be reached from some states, these included, without entering others. */
const reached = ({ States }: AslMachine, from: readonly string[], without: readonly string[] = []): Set<string> => {
  const found = new Set<string>();
  const left = from.filter((name) => !without.includes(name));
  for (let name = left.pop(); name !== undefined; name = left.pop()) {
    const state = States[name];
    if (state === undefined || found.has(name)) continue;
    found.add(name);
    left.push(...successorsOf(state).filter((next) => !without.includes(next)));
  }
  return found;
};

/** What the house rules forbid in how the states of a machine hang together. */
export const graphProblems = (machine: AslMachine): string[] => {
  const { StartAt, States } = machine;
  const names = Object.keys(States);
  const used = reached(machine, [StartAt]);
  const tokens = names.filter((name) => States[name] && waitsForToken(States[name]));
  const polls = names.filter((name) => {
    const state = States[name];
    return state?.Type === 'Wait' && reached(machine, successorsOf(state), tokens).has(name);
  });
  const targets = [StartAt, ...Object.values(States).flatMap(successorsOf)];
  return [
    ...[...new Set(targets.filter((name) => !names.includes(name)))].map((name) => `there is no state "${name}"`),
    ...names.filter((name) => !used.has(name)).map((name) => `state "${name}" cannot be reached`),
    ...polls.map((name) => `state "${name}" waits in a loop that asks again and again: let a token wait`),
  ];
};
