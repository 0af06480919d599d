import { RemovalPolicy } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';

export type Partition = 'aws' | 'aws-cn';

/** What differs between one installation and the next. Nothing else in `infra/` asks which stage it builds for. */
export type StageSettings = {
  /** Part of every physical name, so that two stages can share an account. */
  readonly stage: string;
  readonly partition: Partition;
  /** Absent: whichever region the deployment is run against. */
  readonly region?: string;
  /** Six digits of the district that is served. */
  readonly district: string;
  /** The identity provider: whose tokens are taken, and for whom they must be made. */
  readonly issuer: string;
  readonly audience: string;
  /** The token subject that may fill the registers before anybody is registered. */
  readonly registrar: string;
  /** Where the console is served from: the one origin whose pages may put evidence into the bucket. */
  readonly consoleOrigin: string;
  /** Who hears of the alarms. Absent in a rehearsal only. */
  readonly alarmEmail?: string;
  readonly logLevel: 'INFO' | 'DEBUG';
  readonly logRetention: RetentionDays;
  /** What becomes of ledger, evidence, keys and logs when a stack is deleted. */
  readonly removalPolicy: RemovalPolicy;
  /** Refuses the deletion of the table and of both stacks. */
  readonly deletionProtection: boolean;
  /** After how many days an overwritten version of evidence is deleted. Absent: never. */
  readonly overwrittenEvidenceDays?: number;
};

/** Reads one setting, as `-c name=value` gives it. */
export type ContextReader = (name: string) => unknown;

type Kind = Pick<
  StageSettings,
  'logLevel' | 'logRetention' | 'removalPolicy' | 'deletionProtection' | 'overwrittenEvidenceDays'
>;

const production: Kind = {
  logLevel: 'INFO',
  logRetention: RetentionDays.TWO_YEARS,
  // Kept, unless the very deployment that creates it fails: otherwise its name would stand in the way of the next.
  removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  deletionProtection: true,
};

const rehearsal: Kind = {
  logLevel: 'DEBUG',
  logRetention: RetentionDays.TWO_WEEKS,
  removalPolicy: RemovalPolicy.DESTROY,
  deletionProtection: false,
  overwrittenEvidenceDays: 60,
};

/** A rehearsal can be deployed as it is; production has to say for which district, who signs in, and who is alarmed. */
const rehearsalDefaults: Readonly<Record<string, string>> = {
  district: '610302',
  issuer: 'https://identity.example',
  audience: 'shouxian',
  registrar: 'registrar',
  origin: 'http://127.0.0.1:8080',
};

const shapes = {
  stage: /^[a-z][a-z0-9-]{0,15}$/,
  partition: /^aws(-cn)?$/,
  region: /^[a-z]{2}(-[a-z]+)+-\d$/,
  district: /^\d{6}$/,
  issuer: /^https?:\/\/[^\s?#]+$/,
  audience: /^[\x21-\x7e]{1,128}$/,
  registrar: /^[\x21-\x7e]{1,128}$/,
  origin: /^https?:\/\/[^\s/?#]+$/,
  alarmEmail: /^[^\s@]+@[^\s@]+$/,
} as const;

type SettingName = keyof typeof shapes;

/** `http` is for a machine that talks to itself: an emulator with its own issuer, a console under development. */
const isSafeAddress = (address: string): boolean =>
  address.startsWith('https://') || /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(\/|$)/.test(address);

/**
 * The settings of the stage that the context names (`-c stage=…`, by default `rehearsal`), each of them overridable:
 * `partition`, `region`, `district`, `issuer`, `audience`, `registrar`, `origin` (of the console), `alarmEmail`.
 * @throws with every setting that is missing or malformed, before anything is built.
 */
export const stageSettings = (context: ContextReader): StageSettings => {
  const problems: string[] = [];
  const given = (name: SettingName): string | undefined => {
    const value = context(name);
    if (value === undefined || value === '') return undefined;
    // The command line has text only, but a context file may hold 610302 as a number.
    const text = String(value);
    if (!shapes[name].test(text)) problems.push(`${name} is not well-formed: ${text}`);
    return text;
  };
  const stage = given('stage') ?? 'rehearsal';
  const isProduction = stage === 'production';
  const needed = (name: SettingName): string => {
    const value = given(name) ?? (isProduction ? undefined : rehearsalDefaults[name]);
    if (value === undefined) problems.push(`production needs -c ${name}=…`);
    return value ?? '';
  };

  const namedRegion = given('region');
  const partition: Partition =
    (given('partition') ?? (namedRegion?.startsWith('cn-') ? 'aws-cn' : 'aws')) === 'aws-cn'
      ? 'aws-cn'
      : 'aws';
  // Ningxia is the nearer of the two Chinese regions to the districts that this is made for.
  const region = namedRegion ?? (partition === 'aws-cn' ? 'cn-northwest-1' : undefined);
  if (region !== undefined && region.startsWith('cn-') !== (partition === 'aws-cn')) {
    problems.push(`region ${region} is not in partition ${partition}`);
  }

  const settings = {
    district: needed('district'),
    issuer: needed('issuer'),
    audience: needed('audience'),
    registrar: needed('registrar'),
    consoleOrigin: needed('origin'),
  };
  for (const [name, address] of [
    ['issuer', settings.issuer],
    ['origin', settings.consoleOrigin],
  ] as const) {
    const safe = isProduction ? address.startsWith('https://') : isSafeAddress(address);
    if (address !== '' && !safe) problems.push(`${name} must be https: ${address}`);
  }
  // An alarm that nobody hears is none. A rehearsal may ring in an empty room.
  const alarmEmail = isProduction ? needed('alarmEmail') : given('alarmEmail');
  if (problems.length > 0) throw new Error(`stage ${stage} cannot be built:\n- ${problems.join('\n- ')}`);

  return {
    stage,
    partition,
    ...settings,
    ...(isProduction ? production : rehearsal),
    ...(region === undefined ? {} : { region }),
    ...(alarmEmail === undefined ? {} : { alarmEmail }),
  };
};
