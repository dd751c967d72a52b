import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

export interface LossAlarmProps {
  readonly metric: IMetric;
  /** The alarm goes on above it. */
  readonly threshold: number;
  /** For how many periods in a row. @default 1 */
  readonly periods?: number;
  /** What users lose, in a sentence. */
  readonly loss: string;
  readonly topic: ITopic;
}

/** An alarm that says what users lose. It tells the topic when it goes on and when it goes off; no news is good news. */
export class LossAlarm extends Alarm {
  constructor(scope: Construct, name: string, { metric, threshold, periods = 1, loss, topic }: LossAlarmProps) {
    super(scope, name, {
      alarmName: [...scope.node.path.split('/'), name].join('-'),
      alarmDescription: loss,
      metric,
      threshold,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: periods,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    const action = new SnsAction(topic);
    this.addAlarmAction(action);
    this.addOkAction(action);
  }
}
