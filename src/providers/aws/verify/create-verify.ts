import { UserError } from "../../../errors.ts";
import { stackName } from "../../../plan/names.ts";
import type { ApplicationRecord, Records } from "../../account/records.ts";
import type { Stacks } from "../../account/stacks.ts";
import type { Check, CheckGroup, Verify, WorkloadToVerify } from "../../account/verify.ts";
import { explain } from "../explain.ts";
import type { AwsSession } from "../session.ts";
import { stackCheck } from "./application.ts";
import { checkCertificates } from "./certificates.ts";
import { fail, lookedUp, ok, skip } from "./check.ts";
import { checkImages } from "./images.ts";
import { checkLogGroup } from "./logs.ts";
import { exportsOf, type Place } from "./place.ts";
import { checkQuotas } from "./quotas.ts";
import { checkRoles } from "./roles.ts";
import { checkSecrets } from "./secrets.ts";
import { checkSubnets } from "./subnets.ts";
import { checkTargets } from "./targets.ts";

interface Tools {
  records: Records;
  stacks: Stacks;
  now: () => number;
}

export function createVerify(session: AwsSession, tools: Tools): Verify {
  return { workload: (request) => verifyWorkload(request, session, tools) };
}

async function* verifyWorkload(
  request: WorkloadToVerify,
  session: AwsSession,
  tools: Tools,
): AsyncGenerator<CheckGroup, void, void> {
  const who = await credentials(session);
  yield { name: "credentials", checks: [who] };
  if (who.status === "fail") return;

  const found = await application(request, session, tools);
  yield { name: "application", checks: found.checks };
  if (!("place" in found)) return;

  const { place, record } = found;
  const exports = exportsOf(place.there);
  // Asked side by side, told in order.
  const groups: [name: string, checks: Promise<Check[]>][] = [
    ["roles", checkRoles(place)],
    ["images", checkImages(place)],
    ["secrets", checkSecrets(place, exports)],
    ["certificates", checkCertificates(place, record)],
    ["targets", checkTargets(place)],
    ["logs", Object.keys(request.needs.roles).includes("TaskRole") ? checkLogGroup(place) : Promise.resolve([])],
    ["subnets", checkSubnets(place, exports)],
    ["quotas", checkQuotas(place, new Date(tools.now()))],
  ];
  const settled = groups.map(([, checks]) => checks.catch((error: unknown) => ({ error })));
  for (const [index, [name]] of groups.entries()) {
    const checks = await settled[index];
    if (checks === undefined || "error" in checks) throw checks?.error;
    if (checks.length > 0) yield { name, checks };
  }
}

async function credentials(session: AwsSession): Promise<Check> {
  try {
    const { account, arn } = await session.identity();
    return ok(arn, `account ${account}, region ${session.region}`);
  } catch (thrown) {
    const error = explain(thrown);
    if (!(error instanceof UserError) || error.code === "interrupted") throw error;
    return fail("credentials", error.message, error.hint);
  }
}

type Found = { checks: Check[] } | { checks: Check[]; place: Place; record: ApplicationRecord };

/** The records, and the stacks of application, environment and workload. */
async function application(request: WorkloadToVerify, session: AwsSession, tools: Tools): Promise<Found> {
  const { app, env, name } = request;
  const { records, stacks } = tools;
  const seen = await lookedUp(`the records of ${app}`, () =>
    Promise.all([records.application(app), records.environment(app, env)]),
  );
  if ("instead" in seen) return { checks: [seen.instead] };
  const [record, environmentRecord] = seen.found;
  if (record === undefined)
    return {
      checks: [fail(app, `there is no application ${app} in this account and region`, `pilotfish app init ${app}`)],
    };
  if (environmentRecord === undefined)
    return { checks: [ok(app), fail(env, `${app} has no environment ${env}`, `pilotfish env init --name ${env}`)] };

  const { account } = await session.identity();
  const { region, accountID, managerRoleARN } = environmentRecord;
  const isOwn = accountID === account;
  const where = { region, ...(!isOwn && { managerRoleArn: managerRoleARN }) };
  const there = isOwn ? session.inRegion(region) : session.as(managerRoleARN, region);
  const names = {
    roles: `${app}-infrastructure-roles`,
    environment: `${app}-${env}`,
    workload: stackName(app, env, name),
  };
  const asked = await lookedUp(names.environment, async () => {
    const [roles, environment, workload] = await Promise.all([
      stacks.describe(names.roles, {}),
      stacks.describe(names.environment, where),
      stacks.describe(names.workload, where),
    ]);
    const resources = workload === undefined ? {} : await stacks.resources(names.workload, where);
    return { roles, environment, workload, resources };
  });
  if ("instead" in asked)
    return { checks: [ok(app), ok(env, `account ${accountID}, region ${region}`), asked.instead] };
  const { roles, environment, workload, resources } = asked.found;
  const toInit = fail(names.roles, "there is no such stack", `pilotfish app init ${app}`);
  const toDeploy = fail(names.environment, "there is no such stack", `pilotfish env init --name ${env}`);
  const toCome = skip(names.workload, "is made with the first deploy");
  return {
    checks: [
      ok(app, record.domain === undefined ? undefined : `domain ${record.domain}`),
      ok(env, `account ${accountID}, region ${region}`),
      stackCheck(names.roles, roles, toInit, session.region),
      stackCheck(names.environment, environment, toDeploy, region),
      stackCheck(names.workload, workload, toCome, region),
    ],
    place: {
      request,
      session,
      there,
      record: environmentRecord,
      environment,
      workload,
      resources,
    },
    record,
  };
}
