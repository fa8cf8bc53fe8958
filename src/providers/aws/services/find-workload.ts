import { UserError } from "../../../errors.ts";
import { stackName } from "../../../plan/names.ts";
import type { EnvironmentRecord, Records } from "../../account/records.ts";
import type { KnownSurroundings } from "../../account/services.ts";
import type { StackPlace, StackResourceDescription, Stacks } from "../../account/stacks.ts";
import type { EnvironmentRef, WorkloadRef } from "../../provider.ts";
import type { Pace } from "../pace.ts";
import { applicationNotFound } from "../facts/not-found.ts";
import type { AwsSession } from "../session.ts";

/** What reading an account takes. */
export interface ReadingTools {
  /** The user's own. */
  session: AwsSession;
  records: Records;
  stacks: Stacks;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** How often AWS is asked while something is followed. */
  pace: Pace;
}

/** An environment, with the right to look into it. */
export interface OpenEnvironment {
  record: EnvironmentRecord;
  /** With the rights of its manager role, in its region. */
  session: AwsSession;
  where: StackPlace;
}

export interface FoundWorkload extends WorkloadRef, OpenEnvironment {
  stack: string;
  /** What the stack has, by logical ID; what is deleted is not there. */
  resources: Readonly<Record<string, StackResourceDescription>>;
}

/** @throws UserError environment/not-found, application/not-found */
export async function openEnvironment(
  { app, env }: EnvironmentRef,
  { session, records }: { session: AwsSession; records: Pick<Records, "environment" | "application"> },
): Promise<OpenEnvironment> {
  const record = await records.environment(app, env);
  if (record === undefined) {
    if ((await records.application(app)) === undefined) throw await applicationNotFound(app, { session });
    throw new UserError("environment/not-found", `the application ${app} has no environment ${env} on AWS`, {
      hint: `pilotfish env init -a ${app} -n ${env}`,
    });
  }
  return opened(record, session);
}

export function opened(record: EnvironmentRecord, session: AwsSession): OpenEnvironment {
  return {
    record,
    session: session.as(record.managerRoleARN, record.region),
    where: { region: record.region, managerRoleArn: record.managerRoleARN },
  };
}

/** A workload by its stack. @throws UserError environment/not-found, service/not-found */
export async function findWorkload(
  workload: WorkloadRef,
  tools: ReadingTools,
  { resources: known }: KnownSurroundings = {},
): Promise<FoundWorkload> {
  const environment = await openEnvironment(workload, tools);
  const stack = stackName(workload.app, workload.env, workload.name);
  const resources = known ? thereOf(known) : await resourcesOf(stack, environment.where, tools.stacks);
  if (Object.keys(resources).length === 0) throw notDeployed(workload);
  return { ...workload, ...environment, stack, resources };
}

/** Nothing for a stack that is not there. */
export async function resourcesOf(
  stack: string,
  where: StackPlace,
  stacks: Stacks,
): Promise<Record<string, StackResourceDescription>> {
  const all = await stacks.resources(stack, where).catch((error: unknown) => {
    if (error instanceof UserError && error.code === "stack/not-found") return {};
    throw error;
  });
  return thereOf(all);
}

/** Without those that are only begun, or deleted. */
export function thereOf(
  all: Readonly<Record<string, StackResourceDescription>>,
): Record<string, StackResourceDescription> {
  const isThere = ({ status, physicalId }: StackResourceDescription) =>
    status !== "DELETE_COMPLETE" && physicalId !== "";
  return Object.fromEntries(Object.entries(all).filter(([, resource]) => isThere(resource)));
}

export function notDeployed({ app, env, name }: WorkloadRef): UserError {
  return new UserError("service/not-found", `${name} of the application ${app} is not deployed to ${env}`, {
    hint: `pilotfish svc deploy -a ${app} -n ${name} -e ${env}`,
  });
}
