import { beyondLimits, type Section } from '#bench/section';
import { measureUnits, writeUnitsWithTranscript } from '#bench/units/operations';
import { unitTable } from '#bench/units/unit-table';
import { startDynamo } from '#test/support/dynamodb';

const CREATE_LIMIT = 10;
const SESSION_LIMIT = 100;
const TRANSCRIPT_LIMIT = 115;
const TRANSITIONS_LIMIT = 12;

/** Units of the table per operation, and transitions of the state machine per session. Checks bench/units.json in. */
export const units: Section = {
  id: 'units',
  title: 'Units and transitions per operation',
  comparedTo: [
    'Compared to DynamoDB’s price list: the engine of the tests reports consumed capacity by the documented rules (a write unit per KB,',
    'a strong read unit per 4 KB, transactions twice, one more per index entry written). The authorizer’s read is left out: it remembers a',
    'credential for a minute. Failed conditions are billed on AWS and not counted here. Transitions are those of the real definition of the',
    'state machine, run in memory, as Step Functions bills them; one costs as much as 40 write units.',
    'A plain session leaves no file; a transcript, such as our runner leaves of a session without the tag no-training, is announced and then named in the result.',
    `Limits: ${CREATE_LIMIT} write units for creating a session, ${SESSION_LIMIT} for a whole plain one, ${TRANSCRIPT_LIMIT} for one that leaves a transcript,`,
    `${TRANSITIONS_LIMIT} transitions.`,
  ].join(' '),
  repeat: 'npm run bench -- units',
  isLong: false,
  async measure() {
    const dynamo = await startDynamo();
    try {
      const measured = await measureUnits(dynamo);
      unitTable.write(measured);
      const { operations, plain_session } = measured;
      return {
        columns: ['operation', 'write units', 'read units', 'calls of the table', 'transitions'],
        rows: [
          ...Object.entries(operations).map(([name, { write_units, read_units, calls }]) => [
            ...[name, write_units, read_units, calls],
            '',
          ]),
          [
            'whole plain session (three batches of ten log lines)',
            ...[plain_session.write_units, plain_session.read_units, plain_session.calls, plain_session.transitions],
          ],
          ['the same, leaving a transcript', writeUnitsWithTranscript(measured), '', '', plain_session.transitions],
        ],
        beyond: beyondLimits([
          {
            name: 'write units of creating a session',
            value: operations['create session']?.write_units ?? Number.POSITIVE_INFINITY,
            limit: CREATE_LIMIT,
          },
          { name: 'write units of a plain session', value: plain_session.write_units, limit: SESSION_LIMIT },
          {
            name: 'write units of a plain session that leaves a transcript',
            value: writeUnitsWithTranscript(measured),
            limit: TRANSCRIPT_LIMIT,
          },
          { name: 'transitions of a plain session', value: plain_session.transitions, limit: TRANSITIONS_LIMIT },
        ]),
      };
    } finally {
      await dynamo.stop();
    }
  },
};
