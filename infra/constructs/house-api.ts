import { Validations } from 'aws-cdk-lib';
import { AccessLogField, AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { HttpTrigger } from '../../functions/manifest.ts';
import type { StageSettings } from '../stages.ts';
import type { HouseFunction } from './house-function.ts';

/**
 * What is kept of a request: when, which route (its pattern, never the values in the path), how it ended, how long it
 * took. No address, no browser, no subject: who did what stands in the ledger, where access to it is decided.
 */
const accessLogLine = AccessLogFormat.custom(
  JSON.stringify({
    requestId: AccessLogField.contextRequestId(),
    requestTime: AccessLogField.contextRequestTime(),
    routeKey: AccessLogField.contextRouteKey(),
    status: AccessLogField.contextStatus(),
    responseLatency: AccessLogField.contextResponseLatency(),
    integrationLatency: AccessLogField.contextIntegrationLatency(),
    integrationStatus: AccessLogField.contextIntegrationStatus(),
    errorType: AccessLogField.contextErrorResponseType(),
    authorizerError: AccessLogField.contextAuthorizerError(),
  }),
);

/** A district has some hundred people at work at once; what is far above that is no work. Requests per second. */
const throttle = { rateLimit: 100, burstLimit: 200 };

/** The HTTP API: one route per function that has one, tokens checked before any code of ours runs. */
export class HouseApi extends Construct {
  readonly api: HttpApi;
  private readonly authorizer: HttpJwtAuthorizer;

  constructor(scope: Construct, id: string, settings: StageSettings) {
    super(scope, id);
    this.api = new HttpApi(this, 'Api', {
      apiName: `shouxian-${settings.stage}`,
      createDefaultStage: false,
    });
    this.authorizer = new HttpJwtAuthorizer('BearerToken', settings.issuer, {
      jwtAudience: [settings.audience],
    });
    const accessLog = new LogGroup(this, 'AccessLog', {
      logGroupName: `/aws/vendedlogs/shouxian/${settings.stage}/api`,
      retention: settings.logRetention,
      removalPolicy: settings.removalPolicy,
    });
    new HttpStage(this, 'DefaultStage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle,
      detailedMetricsEnabled: true,
      accessLogSettings: {
        destination: new LogGroupLogDestination(accessLog),
        format: accessLogLine,
      },
    });
  }

  route({ method, path, access }: HttpTrigger, target: HouseFunction): void {
    const [route] = this.api.addRoutes({
      path,
      methods: [HttpMethod[method]],
      integration: new HttpLambdaIntegration(target.functionName, target.lambda),
      authorizer: access === 'public' ? new HttpNoneAuthorizer() : this.authorizer,
    });
    if (access === 'public' && route !== undefined) {
      Validations.of(route).acknowledge({
        id: 'AwsSolutions-APIG4',
        reason: `${method} ${path} is public by the manifest: notices, objections to them, and what says nothing about people.`,
      });
    }
  }
}
