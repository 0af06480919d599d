import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { personId } from '../../shared/contracts/codes.ts';
import type { PersonActor } from '../../shared/domain/access/actor.ts';
import type { TokenRefusal } from '../../shared/ports/identity.ts';
import type { Dependencies } from '../../shared/use-cases/dependencies.ts';
import { identifyActor } from '../../shared/use-cases/identify-actor.ts';
import type { Outcome } from '../../shared/use-cases/outcome.ts';
import type { Refused } from './http-types.ts';

/** The claims that the JWT authoriser (or the local gateway in its place) verified and passed on. */
const verifiedSubject = (event: APIGatewayProxyEventV2): unknown => {
  const context: {
    readonly authorizer?: { readonly jwt?: { readonly claims?: Readonly<Record<string, unknown>> } };
  } = event.requestContext;
  return context.authorizer?.jwt?.claims?.['sub'];
};

/**
 * Who asks: the token's subject, with the offices that the register gives them.
 * @returns `token-missing` when nobody verified a token (a route that was wired without its authoriser),
 *   `person-not-registered` for everybody whom the register does not know.
 */
export const identify = async (
  deps: Pick<Dependencies, 'store' | 'house'>,
  event: APIGatewayProxyEventV2,
): Promise<Outcome<PersonActor> | Refused<TokenRefusal>> => {
  const subject = verifiedSubject(event);
  if (typeof subject !== 'string') return { refusal: { code: 'token-missing' } };
  const known = personId.safeParse(subject);
  // No account is ever registered under another form of id.
  return known.success ? identifyActor(deps, known.data) : { refusal: { code: 'person-not-registered' } };
};
