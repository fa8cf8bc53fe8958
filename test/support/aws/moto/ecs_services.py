"""Services of ECS. moto 5.2.5 runs no task for a service and has one deployment that never ends. Here a deployment starts
tasks, replaces those of the former one when they run, and completes; one whose tasks do not start is failed by its circuit
breaker and rolled back. It goes on as time passes whenever it is looked at; CloudFormation waits for its end.

Sources: Amazon ECS Developer Guide, "Deploy Amazon ECS services by replacing tasks", "How the Amazon ECS deployment circuit
breaker detects failures", "View service history using Amazon ECS service deployments"."""

import functools
import math
import random
import threading
import time

import ecs_tasks
from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.ecs import models, responses
from moto.elbv2.models import elbv2_backends

LOCK = threading.RLock()
DEFAULTS = {
    "deploymentConfiguration": {"maximumPercent": 200, "minimumHealthyPercent": 100},
    "enableExecuteCommand": False,
    "healthCheckGracePeriodSeconds": 0,
    "networkConfiguration": None,
    "loadBalancers": [],
    "serviceRegistries": [],
    "capacityProviderStrategy": None,
    "serviceConnectConfiguration": None,
    "platformVersion": "LATEST",
    "propagateTags": "NONE",
    "placementStrategy": [],
    "placementConstraints": [],
}
# What starts a deployment when it changes.
DEPLOYED = ("networkConfiguration", "loadBalancers", "serviceRegistries", "serviceConnectConfiguration", "platformVersion")


class Deployment:
    def __init__(self, service, definition, forced=False):
        self.number = str(random.randint(10**18, 10**19 - 1))
        self.id = f"ecs-svc/{self.number}"
        self.service, self.definition = service, definition
        self.created = self.updated = utcnow()
        self.finished = None
        self.status, self.desired, self.failed = "PRIMARY", service.desired_count, 0
        self.tasks = []
        self.source = service.history[-1] if service.history else None
        self.tell("IN_PROGRESS", f"ECS deployment {self.id} in progress.")
        self.outcome, self.outcome_reason, self.rollback = "IN_PROGRESS", None, None

    def tell(self, state, reason):
        self.rollout, self.reason, self.updated = state, reason, utcnow()

    @property
    def live(self):
        return [each for each in self.tasks if each.last_status != "STOPPED"]

    @property
    def running(self):
        return [each for each in self.tasks if each.last_status == "RUNNING"]

    def arn(self, kind):
        return f"{self.service.arn.replace(':service/', f':{kind}/')}/{self.number}"

    def described(self):
        own = {key: self.service.own[key] for key in ("networkConfiguration", "serviceConnectConfiguration", "capacityProviderStrategy")}
        return {
            **{key: value for key, value in own.items() if value},
            "id": self.id,
            "status": self.status,
            "taskDefinition": self.definition.arn,
            "desiredCount": self.desired,
            "runningCount": len(self.running),
            "pendingCount": len(self.live) - len(self.running),
            "failedTasks": self.failed,
            "createdAt": self.created,
            "updatedAt": self.updated,
            "launchType": self.service.launch_type,
            "platformVersion": "1.4.0",
            "platformFamily": "Linux",
            "rolloutState": self.rollout,
            "rolloutStateReason": self.reason,
        }


def says(service, text):
    event = {"id": f"{random.getrandbits(128):032x}", "createdAt": utcnow(), "message": f"(service {service.name}) {text}"}
    service.events.insert(0, event)


def begin(service, definition):
    """A new deployment; the one before is replaced."""
    for each in service.going:
        if each.outcome == "IN_PROGRESS":
            each.outcome, each.finished = "STOPPED", utcnow()
        each.status = "ACTIVE"
    new = Deployment(service, definition)
    service.going.insert(0, new)
    service.history.append(new)
    service.task_definition = definition.arn
    return new


def step(service):
    """One thing that the scheduler of services does next. @returns whether there was one"""
    primary, *former = service.going
    steps = [task.step() for task in primary.live]
    for task in [each for each in primary.tasks if each.last_status == "STOPPED" and not each.counted]:
        task.counted = True
        deregister(service, task)
        if task.stop_code in ("TaskFailedToStart", "EssentialContainerExited"):
            primary.failed += 1
    for task in primary.running:
        register(service, task)
    if any(steps):
        return True
    if primary.rollout == "FAILED":
        return False
    primary.desired = service.desired_count
    breaker = (service.own["deploymentConfiguration"] or {}).get("deploymentCircuitBreaker") or {}
    if breaker.get("enable") and primary.rollout == "IN_PROGRESS" and primary.failed >= threshold(service):
        return fail(service, primary, breaker)
    missing = primary.desired - len(primary.live)
    if missing > 0:
        started = [start(service, primary) for _ in range(missing)]
        says(service, f"has started {len(started)} tasks: {' '.join(f'(task {each.id})' for each in started)}.")
        return True
    surplus = primary.live[: len(primary.live) - primary.desired]
    stale = surplus + [task for each in former for task in each.live]
    for task in stale:
        task.stop("ServiceSchedulerInitiated", f"Scaling activity initiated by (deployment {primary.id})")
        task.counted = True
        deregister(service, task)
    if stale:
        says(service, f"has stopped {len(stale)} running tasks: {' '.join(f'(task {each.id})' for each in stale)}.")
        return True
    if primary.rollout == "IN_PROGRESS" or former:
        del service.going[1:]
        for each in former:
            each.status, each.desired = "INACTIVE", 0
        if primary.rollout == "IN_PROGRESS":
            primary.tell("COMPLETED", f"ECS deployment {primary.id} completed.")
            says(service, f"(deployment {primary.id}) deployment completed.")
            says(service, "has reached a steady state.")
            service.completed = primary
            if primary.outcome == "IN_PROGRESS":
                primary.outcome, primary.finished = "SUCCESSFUL", utcnow()
            for each in former:
                if each.outcome == "ROLLBACK_IN_PROGRESS":
                    each.outcome, each.finished = "ROLLBACK_SUCCESSFUL", utcnow()
        return True
    return False


def threshold(service):
    return min(200, max(3, math.ceil(service.desired_count / 2)))


def fail(service, primary, breaker, reason="ECS deployment circuit breaker: tasks failed to start."):
    primary.tell("FAILED", reason)
    says(service, f"(deployment {primary.id}) deployment failed: tasks failed to start.")
    back = service.completed
    primary.outcome_reason = "Service deployment rolled back because the circuit breaker threshold was exceeded."
    if not breaker.get("rollback") or back is None or back is primary:
        primary.outcome, primary.finished = ("ROLLBACK_FAILED" if breaker.get("rollback") else "STOPPED"), utcnow()
        if breaker.get("rollback"):
            primary.outcome_reason += " No rollback candidate was found to run the rollback."
        return True
    roll_back(service, primary, back)
    return True


def roll_back(service, failed, back):
    """The deployment that completed last is the PRIMARY again, under its own id."""
    failed.status, failed.outcome = "ACTIVE", "ROLLBACK_IN_PROGRESS"
    failed.rollback = {"reason": failed.outcome_reason, "startedAt": utcnow(), "serviceRevisionArn": back.arn("service-revision")}
    service.going = [back, *[each for each in service.going if each is not back]]
    back.status, back.failed = "PRIMARY", 0
    back.tell("IN_PROGRESS", f"ECS deployment circuit breaker: rolling back to deploymentId {back.id}.")
    service.task_definition = back.definition.arn
    says(service, f"rolling back to deployment {back.id}.")


def start(service, deployment):
    task = ecs_tasks.new_task(
        service._backend,
        service._backend._get_cluster(service.cluster_name),
        deployment.definition,
        f"service:{service.name}",
        deployment.id,
        service.own["networkConfiguration"],
        service,
        launch_type=service.launch_type,
        tags=list(service.tags or []) if service.own["propagateTags"] == "SERVICE" else [],
    )
    task.deployment, task.counted, task.registered = deployment, False, False
    deployment.tasks.append(task)
    return task


def register(service, task):
    if task.registered:
        return
    task.registered = True
    for each in service.own["loadBalancers"] or []:
        backend = elbv2_backends[service._account_id][service.region_name]
        if each.get("targetGroupArn") in backend.target_groups and task.address:
            target = {"Id": task.address, "Port": each.get("containerPort")}
            backend.register_targets(each["targetGroupArn"], [target])
            says(service, f"registered 1 targets in (target-group {each['targetGroupArn']})")


def deregister(service, task):
    if not task.registered:
        return
    task.registered = False
    for each in service.own["loadBalancers"] or []:
        group = elbv2_backends[service._account_id][service.region_name].target_groups.get(each.get("targetGroupArn"))
        if group is not None:
            group.targets.pop(task.address, None)


def look(service, settle=False):
    """Lets it go on as far as time has passed, or to its end."""
    with LOCK:
        if service.status != "ACTIVE":
            return service
        passed = math.inf if settle else (time.monotonic() - service.seen) / ecs_tasks.STEP
        most = 2000 if settle else int(passed)
        if most > 0:
            service.seen = time.monotonic()
        # A deployment without a circuit breaker tries for ever.
        while most > 0 and not (settle and service.going[0].failed > 10 * threshold(service)) and step(service):
            most -= 1
        service.deployments = [each.described() for each in service.going]
        live = [task for each in service.going for task in each.live]
        service.running_count = len([task for task in live if task.last_status == "RUNNING"])
        service.pending_count = len(live) - service.running_count
        service.current_service_deployment = service.going[0].arn("service-deployment")
        service.current_service_revisions = [
            {
                "arn": each.arn("service-revision"),
                "requestedTaskCount": each.desired,
                "runningTaskCount": len(each.running),
                "pendingTaskCount": len(each.live) - len(each.running),
            }
            for each in service.going
        ]
        return service


def set_own(service, own):
    service.own = own
    service.deployment_configuration = own["deploymentConfiguration"]
    service.enable_execute_command = bool(own["enableExecuteCommand"])
    service.health_check_grace_period_seconds = own["healthCheckGracePeriodSeconds"]
    service.network_configuration = own["networkConfiguration"] or {}
    service.load_balancers = own["loadBalancers"] or []
    service.service_registries = own["serviceRegistries"] or []
    service.capacity_provider_strategy = own["capacityProviderStrategy"]
    service.platform_version, service.propagate_tags = own["platformVersion"], own["propagateTags"]
    service.placement_strategy, service.placement_constraints = own["placementStrategy"], own["placementConstraints"]


Backend = models.EC2ContainerServiceBackend


def describe_task_definition(self, task_definition_str):
    """A family alone is its latest revision that is ACTIVE; a name may be a task definition of a stack."""
    name = task_definition_str
    family = getattr(name, "arn", name).split("/")[-1]
    if ":" in family:
        return described_definition(self, getattr(name, "arn", name))
    active = [each for each in self.task_definitions.get(family, {}).values() if each.status == "ACTIVE"]
    if not active:
        raise models.TaskDefinitionNotFoundException()
    return active[-1]


described_definition = Backend.describe_task_definition
Backend.describe_task_definition = describe_task_definition


def create(backend, cluster_name, name, definition_name, count, own, tags=None, launch_type=None):
    with LOCK:
        cluster = backend._get_cluster(cluster_name)
        definition = backend.describe_task_definition(definition_name)
        known = backend.services.get(f"{cluster.name}:{name}")
        if known is not None and known.status != "INACTIVE":
            raise models.InvalidParameterException("Creation of service was not idempotent.")
        service = models.Service(
            cluster=cluster,
            service_name=name,
            desired_count=1 if count is None else int(count),
            task_definition=definition,
            tags=tags,
            launch_type=launch_type or "FARGATE",
            backend=backend,
        )
        service.created_at, service.seen = utcnow(), time.monotonic()
        service.going, service.history, service.completed = [], [], None
        service.scheduling_strategy, service.platform_family = "REPLICA", "Linux"
        if own.get("capacityProviderStrategy"):
            service.launch_type = None
        set_own(service, {**DEFAULTS, **{key: value for key, value in own.items() if key in DEFAULTS and value is not None}})
        begin(service, definition)
        backend.services[f"{cluster.name}:{name}"] = service
        return look(service)


def change(service, definition_name, count, own, force=False):
    with LOCK:
        look(service)
        definition = service._backend.describe_task_definition(definition_name or service.task_definition)
        changed = {key: value for key, value in own.items() if key in DEFAULTS and value is not None}
        starts = force or definition.arn != service.task_definition
        starts = starts or any(changed[key] != service.own[key] for key in DEPLOYED if key in changed)
        set_own(service, {**service.own, **changed})
        if count is not None:
            service.desired_count = int(count)
        if starts:
            begin(service, definition)
        return look(service)


def create_service(self):
    p = self._get_params()
    service = create(
        self.ecs_backend,
        p.get("cluster", "default"),
        p["serviceName"],
        p.get("taskDefinition"),
        p.get("desiredCount"),
        p,
        tags=p.get("tags"),
        launch_type=p.get("launchType"),
    )
    return ActionResult({"service": service})


def update_service(self):
    p = self._get_params()
    service = self.ecs_backend._get_service(p.get("cluster", "default"), p["service"])
    if service.status != "ACTIVE":
        raise models.ServiceNotFoundException
    changed = change(service, p.get("taskDefinition"), p.get("desiredCount"), p, p.get("forceNewDeployment", False))
    return ActionResult({"service": changed})


responses.EC2ContainerServiceResponse.create_service = create_service
responses.EC2ContainerServiceResponse.update_service = update_service


def delete_service(self, cluster_name, service_name, force=False):
    service = self._get_service(cluster_name, service_name)
    if service.desired_count > 0 and not force:
        raise models.InvalidParameterException("The service cannot be stopped while it is scaled above 0.")
    return end(service)


def end(service):
    with LOCK:
        for task in [task for each in service.going for task in each.live]:
            task.stop("ServiceSchedulerInitiated", f"Scaling activity initiated by (deployment {service.going[0].id})")
            deregister(service, task)
        service.desired_count = service.running_count = service.pending_count = 0
        service.deployments, service.status = [], "INACTIVE"
        return service


Backend.delete_service = delete_service

describe = Backend.describe_services
Backend.describe_services = lambda self, *a: (lambda found: ([look(each) for each in found[0]], found[1]))(describe(self, *a))


@functools.wraps(Backend.list_services)
def list_services(self, cluster_str, scheduling_strategy=None, launch_type=None):
    cluster = self._get_cluster(cluster_str)
    active = [each for each in self.services.values() if each.cluster_name == cluster.name and each.status != "INACTIVE"]
    return sorted(each.arn for each in active if launch_type in (None, each.launch_type))


Backend.list_services = list_services


def list_tasks(
    self, cluster_str=None, container_instance=None, family=None, started_by=None, service_name=None, desiredStatus=None
):
    cluster = self._get_cluster(cluster_str or "default")
    for service in list(self.services.values()):
        look(service)
    wanted = desiredStatus or "RUNNING"
    for task in self.tasks.get(cluster.name, {}).values():
        task.advance()
    return [
        task
        for task in self.tasks.get(cluster.name, {}).values()
        if task.desired_status == wanted
        and (service_name is None or task.group == f"service:{service_name.split('/')[-1]}")
        and (family is None or task.task_definition.family == family)
        and (started_by is None or task.started_by == started_by)
    ]


Backend.list_tasks = list_tasks


def describe_tasks(self, cluster_str, tasks):
    cluster = self._get_cluster(cluster_str)
    for service in list(self.services.values()):
        look(service)
    wanted = {each.split("/")[-1] for each in tasks}
    found = [each for arn, each in self.tasks.get(cluster.name, {}).items() if arn.split("/")[-1] in wanted]
    for task in found:
        task.advance()
    return found


Backend.describe_tasks = describe_tasks


# Service deployments and revisions, which moto does not know.
def service_deployment(each):
    return {
        "serviceDeploymentArn": each.arn("service-deployment"),
        "serviceArn": each.service.arn,
        "clusterArn": each.service.cluster_arn,
        "createdAt": each.created,
        "startedAt": each.created,
        "updatedAt": each.updated,
        **({"finishedAt": each.finished} if each.finished else {}),
        "status": each.outcome,
        **({"statusReason": each.outcome_reason} if each.outcome_reason else {}),
    }


def revision_summary(each):
    return {
        "arn": each.arn("service-revision"),
        "requestedTaskCount": each.desired,
        "runningTaskCount": len(each.running),
        "pendingTaskCount": len(each.live) - len(each.running),
    }


def all_deployments(backend):
    for service in list(backend.services.values()):
        look(service)
    return [each for service in backend.services.values() for each in reversed(service.history)]


def list_service_deployments(self):
    p = self._get_params()
    service = self.ecs_backend._get_service(p.get("cluster", "default"), p["service"])
    look(service)
    statuses = p.get("status") or []
    listed = [each for each in reversed(service.history) if not statuses or each.outcome in statuses]
    briefs = [{**service_deployment(each), "targetServiceRevisionArn": each.arn("service-revision")} for each in listed]
    return ActionResult({"serviceDeployments": briefs})


def describe_service_deployments(self):
    wanted = self._get_params()["serviceDeploymentArns"]
    found = [each for each in all_deployments(self.ecs_backend) if each.arn("service-deployment") in wanted]
    full = []
    for each in found:
        breaker = (each.service.own["deploymentConfiguration"] or {}).get("deploymentCircuitBreaker") or {}
        state = "TRIGGERED" if each.rollout == "FAILED" else "MONITORING" if each.rollout == "IN_PROGRESS" else "MONITORING_COMPLETE"
        full.append(
            {
                **service_deployment(each),
                "targetServiceRevision": revision_summary(each),
                "sourceServiceRevisions": [revision_summary(each.source)] if each.source else [],
                "deploymentConfiguration": each.service.own["deploymentConfiguration"],
                "deploymentCircuitBreaker": {
                    "status": state if breaker.get("enable") else "DISABLED",
                    "failureCount": each.failed,
                    "threshold": threshold(each.service),
                },
                **({"rollback": each.rollback} if each.rollback else {}),
            }
        )
    missing = set(wanted) - {each.arn("service-deployment") for each in found}
    return ActionResult({"serviceDeployments": full, "failures": [{"arn": arn, "reason": "MISSING"} for arn in missing]})


def describe_service_revisions(self):
    wanted = self._get_params()["serviceRevisionArns"]
    found = [each for each in all_deployments(self.ecs_backend) if each.arn("service-revision") in wanted]
    revisions = [
        {
            "serviceRevisionArn": each.arn("service-revision"),
            "serviceArn": each.service.arn,
            "clusterArn": each.service.cluster_arn,
            "taskDefinition": each.definition.arn,
            "launchType": each.service.launch_type,
            "platformFamily": "Linux",
            "platformVersion": "1.4.0",
            "createdAt": each.created,
            "containerImages": [
                {"containerName": c["name"], "image": c.get("image", "")} for c in each.definition.container_definitions
            ],
        }
        for each in found
    ]
    missing = set(wanted) - {each.arn("service-revision") for each in found}
    return ActionResult({"serviceRevisions": revisions, "failures": [{"arn": arn, "reason": "MISSING"} for arn in missing]})


def stop_service_deployment(self):
    p = self._get_params()
    arn, kind = p["serviceDeploymentArn"], p.get("stopType", "ROLLBACK")
    found = next((each for each in all_deployments(self.ecs_backend) if each.arn("service-deployment") == arn), None)
    if found is None:
        raise ServiceDeploymentNotFoundException()
    with LOCK:
        if found.outcome != "IN_PROGRESS":
            raise models.InvalidParameterException(f"The service deployment {arn} is not in progress.")
        found.outcome_reason = "Service deployment stopped by user."
        found.tell("FAILED", f"ECS deployment {found.id} stopped by user.")
        back = found.service.completed
        if kind == "ROLLBACK" and back is not None and back is not found:
            roll_back(found.service, found, back)
            back.tell("IN_PROGRESS", f"ECS deployment {back.id} in progress.")
        else:
            found.outcome, found.finished = "STOPPED", utcnow()
    return ActionResult({"serviceDeploymentArn": arn})


class ServiceDeploymentNotFoundException(models.ServiceNotFoundException):
    code = "ServiceDeploymentNotFoundException"


for action in (list_service_deployments, describe_service_deployments, describe_service_revisions, stop_service_deployment):
    setattr(responses.EC2ContainerServiceResponse, action.__name__, action)
