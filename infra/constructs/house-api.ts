import { Validations } from 'aws-cdk-lib';
import { AccessLogField, AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  type CfnStage,
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  type HttpRoute,
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

/**
 * For a route that anybody may write through without a token: what is far above some villagers at once is no villager,
 * and must not take the others' share. Metrics are named again because a route's settings stand in place of the stage's.
 */
const anonymousWriting = { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 20, DetailedMetricsEnabled: true };

/** The HTTP API: one route per function that has one, tokens checked before any code of ours runs. */
export class HouseApi extends Construct {
  readonly api: HttpApi;
  private readonly authorizer: HttpJwtAuthorizer;
  private readonly stage: HttpStage;

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
    this.stage = new HttpStage(this, 'DefaultStage', {
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
    if (access !== 'public' || route === undefined) return;
    Validations.of(route).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason: `${method} ${path} is public by the manifest: notices, objections to them, and what says nothing about people.`,
    });
    if (method === 'POST') this.throttleAnonymousWriting(`${method} ${path}`, route);
  }

  private throttleAnonymousWriting(routeKey: string, route: HttpRoute): void {
    // The library's stage has one throttle for all of its routes.
    const stage = this.stage.node.defaultChild as CfnStage;
    stage.routeSettings = { ...stage.routeSettings, [routeKey]: anonymousWriting };
    // API Gateway refuses settings for a route that is not there yet.
    this.stage.node.addDependency(route);
  }
}
