import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { changeSetAside } from '../../functions/manifest.ts';
import type { StageSettings } from '../stages.ts';
import type { HouseFunction } from './house-function.ts';
import type { Workflow } from './workflow.ts';

/** What an alarm means for the people who wait, and what to do. Both languages, the operator's own first. */
type Meaning = { readonly zh: string; readonly en: string };

const period = Duration.minutes(5);

const failedFunction = ({ functionName, entry }: HouseFunction): Meaning => {
  switch (entry.trigger.kind) {
    case 'http':
      return {
        zh: `接口 ${functionName} 未能作答：有人刚才的操作没有得到结果，可能需要重试。请查看该函数的日志。`,
        en: `The operation ${functionName} gave no answer: somebody's request ended without a result and may have to be repeated. Read the function's log.`,
      };
    case 'workflow':
      return {
        zh: `流程步骤 ${functionName} 出错：案件正在重试，若持续出错，该案件将停住等待人工处理。请查看该函数的日志。`,
        en: `The workflow step ${functionName} fails: cases are retrying it; if it goes on, they stop and wait for an operator. Read the function's log.`,
      };
    case 'feed':
      return {
        zh: `${functionName} 出错：已作出的决定暂时传不到流程，案件看上去停住不动；台账本身完好。请查看该函数的日志。`,
        en: `${functionName} fails: decisions that were made do not reach the workflows, so cases seem to stand still; the ledger itself is intact. Read the function's log.`,
      };
    case 'schedule':
      return {
        zh: `定时任务 ${functionName} 出错：本期的申报或核对可能没有开始。请查看该函数的日志，必要时手动运行（可重复运行）。`,
        en: `The timer ${functionName} fails: this period's filing or reconciliation may not have begun. Read the function's log and run it by hand if need be (running it twice is harmless).`,
      };
  }
};

/** Every alarm of the service. They go to one topic, and from there by mail to whoever the stage names. */
export class Alarms extends Construct {
  readonly topic: Topic;
  private readonly stage: string;

  constructor(scope: Construct, id: string, settings: StageSettings) {
    super(scope, id);
    this.stage = settings.stage;
    this.topic = new Topic(this, 'Topic', { enforceSSL: true, displayName: `Shouxian ${settings.stage}` });
    if (settings.alarmEmail !== undefined) {
      this.topic.addSubscription(new EmailSubscription(settings.alarmEmail));
    }
  }

  functionFails(houseFunction: HouseFunction): void {
    this.alarm(
      `${houseFunction.functionName}-errors`,
      houseFunction.lambda.metricErrors({ period, statistic: 'Sum' }),
      1,
      failedFunction(houseFunction),
    );
  }

  /** Defects are answered with a 500 and count as no error of the function; here they do. */
  apiFaults(api: HttpApi): void {
    this.alarm('api-faults', api.metricServerError({ period, statistic: 'Sum' }), 1, {
      zh: '接口返回了 5xx：有人的操作因系统缺陷没有完成。请按 requestId 查看对应函数的日志。',
      en: "The API answered 5xx: somebody's operation was not carried out because of a defect. Find the function's log by the requestId of the access log.",
    });
  }

  feedFallsBehind({ lambda, functionName }: HouseFunction): void {
    const age = lambda.metric('IteratorAge', { period, statistic: 'Maximum' });
    this.alarm(`${functionName}-age`, age, Duration.minutes(5).toMilliseconds(), {
      zh: '变更流已滞后五分钟以上：已作出的决定迟迟没有推动流程，办理人会看到案件停在原处。台账完好，无需重复决定。',
      en: 'The change feed is more than five minutes behind: decisions that were made have not moved their workflows, and people see cases stand still. The ledger is intact; nobody has to decide again.',
    });
  }

  /** The relay goes on after a change that it gives up, which is neither an error of the function nor a message of a queue. */
  changesSetAside({ logGroup }: HouseFunction): void {
    const counted = new MetricFilter(this, 'ChangesSetAside', {
      logGroup,
      filterPattern: FilterPattern.stringValue('$.message', '=', changeSetAside),
      metricNamespace: `Shouxian/${this.stage}`,
      metricName: 'ChangesSetAside',
      metricValue: '1',
    });
    this.alarm('changes-set-aside', counted.metric({ period, statistic: 'Sum' }), 1, {
      zh: '有台账变更多次重试后仍未送达流程，已搁置：相应案件可能停住。台账完好；请查 GET /v1/dead-letters，排除故障后逐项重试，每日核对也会再试。',
      en: 'A change of the ledger did not reach its workflow after every try and was set aside: its case may stand still. The ledger is intact; look at GET /v1/dead-letters, mend the cause and retry them. The daily reconciliation tries them too.',
    });
  }

  queueFills(name: string, queue: IQueue, meaning: Meaning): void {
    const messages = queue.metricApproximateNumberOfMessagesVisible({ period, statistic: 'Maximum' });
    this.alarm(`${name}-not-empty`, messages, 1, meaning);
  }

  /** Failed or timed out. An abort is how we end an execution whose round is over, so it is none of these. */
  workflowFails({ workflowName, stateMachine }: Workflow): void {
    const meaning = (zh: string, en: string): Meaning => ({
      zh: `流程 ${workflowName} 有执行${zh}：对应的案件（或乡镇当月申报、市级报告）停住了。台账完好；每日核对会重新启动，也可立即运行 reconcile-workflows。`,
      en: `An execution of ${workflowName} ${en}: its case (or the month's filing or report) stands still. The ledger is intact; the daily reconciliation starts it again, or run reconcile-workflows now.`,
    });
    const sum = { period, statistic: 'Sum' };
    this.alarm(`${workflowName}-failed`, stateMachine.metricFailed(sum), 1, meaning('失败', 'failed'));
    this.alarm(
      `${workflowName}-timed-out`,
      stateMachine.metricTimedOut(sum),
      1,
      meaning('超时', 'timed out'),
    );
  }

  private alarm(name: string, metric: IMetric, threshold: number, { zh, en }: Meaning): void {
    const alarm = new Alarm(this, name, {
      metric,
      threshold,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: `${zh}\n${en}`,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
  }
}
