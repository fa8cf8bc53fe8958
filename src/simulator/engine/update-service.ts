import type { Draft } from "./draft.ts";
import { rolloutReasons } from "./event-texts.ts";
import type { Input } from "./inputs.ts";
import { newDeploymentId } from "./ids.ts";
import { targetGroupId } from "./names.ts";
import { rulePriorities } from "./rule-priorities.ts";
import { sameJson } from "./same-json.ts";
import type { Deployment, DeploymentSpec, Service } from "./state.ts";

type UpdateService = Extract<Input, { type: "update-service" }>;

/** Creates the service, or brings it to this spec: in place where ECS does so, else with a new deployment, which
 *  supersedes one that is running. A service that is being deleted is left alone. */
export function updateService(draft: Draft, { serviceId, spec, force, taskGroup }: UpdateService): void {
  const known = draft.service(serviceId);
  if (known !== undefined && known.status !== "ACTIVE") return;
  const primary = known?.deployments.find(({ status }) => status === "PRIMARY");
  if (known === undefined || primary === undefined)
    draft.addService({ ...newService(draft, serviceId, spec), ...(taskGroup && { taskGroup }) });
  else if (force || needsDeployment(primary, spec)) deploy(draft, known, primary, spec);
  else adopt(draft, known, primary, spec);
}

function newService(draft: Draft, id: string, spec: DeploymentSpec): Service {
  const { app, env, name, service } = spec.plan;
  return {
    id,
    app,
    env,
    name,
    status: "ACTIVE",
    createdAt: draft.now,
    desiredCount: service.desiredCount ?? 1,
    nextRevision: 2,
    deployments: [newDeployment(draft, spec, 1)],
    events: [],
    rulePriorities: rulePriorities(draft, id, spec.plan),
  };
}

function deploy(draft: Draft, known: Service, primary: Deployment, spec: DeploymentSpec): void {
  const service = draft.editService(known.id);
  const former = draft.editDeployment(known.id, primary.id);
  former.status = "ACTIVE";
  former.updatedAt = draft.now;
  const changed = definitionChanged(primary.spec, spec);
  const revision = changed ? service.nextRevision : primary.revision;
  if (changed) service.nextRevision += 1;
  service.deployments.unshift(newDeployment(draft, spec, revision));
  service.desiredCount = spec.plan.service.desiredCount ?? 1;
  service.rulePriorities = rulePriorities(draft, known.id, spec.plan);
  delete service.steadyAt;
  delete service.stuckAt;
}

/** Takes over what takes effect without a deployment. */
function adopt(draft: Draft, known: Service, primary: Deployment, spec: DeploymentSpec): void {
  const next = { ...spec, images: { ...primary.spec.images, ...spec.images } };
  if (!sameJson(primary.spec, next)) draft.editDeployment(known.id, primary.id).spec = next;
  const desiredCount = spec.plan.service.desiredCount ?? 1;
  if (known.desiredCount !== desiredCount) draft.editService(known.id).desiredCount = desiredCount;
  const priorities = rulePriorities(draft, known.id, spec.plan);
  if (!sameJson(known.rulePriorities, priorities)) draft.editService(known.id).rulePriorities = priorities;
}

function newDeployment(draft: Draft, spec: DeploymentSpec, revision: number): Deployment {
  const id = newDeploymentId(draft.random);
  return {
    id,
    status: "PRIMARY",
    revision,
    spec,
    desiredCount: 0,
    createdAt: draft.now,
    updatedAt: draft.now,
    rolloutState: "IN_PROGRESS",
    rolloutStateReason: rolloutReasons.inProgress(id),
    failedTasks: 0,
    breaker: { stage: 1, count: 0 },
    throttle: { failures: 0, notBefore: 0 },
  };
}

/** Task definition, images or load balancers differ, or what is there has failed. */
function needsDeployment(primary: Deployment, spec: DeploymentSpec): boolean {
  if (primary.rolloutState === "FAILED" || definitionChanged(primary.spec, spec)) return true;
  return !sameJson(loadBalancers(primary.spec), loadBalancers(spec));
}

/** A new revision of the task definition is needed. An image that nobody has looked up yet is no difference by itself. */
function definitionChanged(old: DeploymentSpec, next: DeploymentSpec): boolean {
  if (!sameJson(old.plan.taskDefinition, next.plan.taskDefinition)) return true;
  return Object.entries(next.images).some(([container, image]) => (old.images[container] ?? image) !== image);
}

/** The service's load balancers as ECS sees them. A target group whose fixed properties change is another one. */
function loadBalancers({ plan }: DeploymentSpec): unknown {
  return plan.targetGroups.map(({ key, container, containerPort, request }) => ({
    group: targetGroupId(`${plan.app}/${plan.env}/${plan.name}`, key),
    container,
    containerPort,
    fixed: [request.Protocol, request.ProtocolVersion, request.Port, request.TargetType],
  }));
}
