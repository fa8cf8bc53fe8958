"""Tasks of ECS. moto 5.2.5 starts none for a service, and those of RunTask have one container and have stopped when they are
looked at. There are no containers here either: a task goes through ECS's states as one on Fargate does, prints a line for each
container, and runs until it is stopped. What it does otherwise, its image's tag says: `broken` exits with 3 as soon as it has
started, `brief` with 0. A secret, a parameter or an ECR image that is not there stops it as on AWS.

Sources of states, codes and texts: Amazon ECS Developer Guide, "Task lifecycle", "Stopped task error messages"."""

import copy
import re
import time
import uuid

from moto.core.utils import utcnow, unix_time_millis
from moto.ec2.models import ec2_backends
from moto.ec2.utils import random_private_ip
from moto.ecr.models import ecr_backends
from moto.ecs import models
from moto.logs.models import logs_backends
from moto.secretsmanager.models import secretsmanager_backends
from moto.ssm.models import ssm_backends

STEP = 0.05  # seconds between two states of a task
STATES = ["PROVISIONING", "PENDING", "ACTIVATING", "RUNNING"]


class Container:
    def __init__(self, task, definition):
        self.container_arn = f"{task.task_arn.replace(':task/', ':container/')}/{uuid.uuid4()}"
        self.task_arn = task.task_arn
        self.name, self.image = definition["name"], definition.get("image", "")
        self.last_status = "PENDING"
        self.health_status = "UNKNOWN"
        self.cpu, self.memory = str(definition.get("cpu", 0)), definition.get("memory")
        self.network_interfaces = []
        self.definition = definition
        self.runtime_id = self.image_digest = self.exit_code = self.reason = None
        if task.enable_execute_command:
            self.managed_agents = [{"name": "ExecuteCommandAgent", "lastStatus": "PENDING"}]

    @property
    def tag(self):
        return self.image.rsplit("/", 1)[-1].partition(":")[2]


class Task(models.Task):
    __module__ = "moto.ecs.tasks"  # moto files its classes by service

    def __init__(self, *args, service=None, **kw):
        self.enable_execute_command = bool(service and service.enable_execute_command)
        self.deployment = None
        definition, network = kw["task_definition"], kw.pop("networking_configuration", None)
        # moto's own way to a network interface fails in a VPC without DNS names.
        super().__init__(*args, **{**kw, "task_definition": _without_network(definition)})
        self.attachments = self.attach((network or {}).get("awsvpcConfiguration") or {})
        self.status_now, self.since = "PROVISIONING", time.monotonic()
        self.task_definition = definition
        self.created_at, self.version = utcnow(), 1
        self.cpu, self.memory = definition.cpu or "256", definition.memory or "512"
        self.availability_zone = f"{self.region_name}a"
        self.connectivity = "CONNECTED"
        self.platform_family, self.platform_version = "Linux", self.platform_version or "1.4.0"
        self.capacity_provider_name = self.capacity_provider_name or None
        self.launch_type = self.launch_type or "FARGATE"
        self.container_definitions = definition.container_definitions
        self.containers = [Container(self, each) for each in definition.container_definitions]
        self.stopped_reason = None
        self.health_status = "UNKNOWN"
        for each in self.containers:
            each.network_interfaces = [
                {"attachmentId": a["id"], "privateIpv4Address": self.address} for a in self.attachments
            ]

    def attach(self, network):
        if not network.get("subnets"):
            return []
        backend = ec2_backends[self._account_id][self.region_name]
        address = random_private_ip()
        eni = backend.create_network_interface(
            subnet=network["subnets"][0],
            private_ip_address=address,
            group_ids=network.get("securityGroups") or [],
            description=f"task {self.id}",
        )
        details = {"subnetId": network["subnets"][0], "networkInterfaceId": eni.id, "privateIPv4Address": address}
        details = [{"name": name, "value": value} for name, value in details.items()]
        return [{"id": str(uuid.uuid4()), "type": "ElasticNetworkInterface", "status": "ATTACHED", "details": details}]

    @property
    def address(self):
        details = [d for a in self.attachments for d in a["details"] if d["name"] == "privateIPv4Address"]
        return details[0]["value"] if details else ""

    @property
    def last_status(self):
        return self.status_now

    @last_status.setter
    def last_status(self, value):
        if value == "STOPPED":
            self.stop("UserInitiated", self.stopped_reason or "Task stopped by user")

    def advance(self):
        """One of its own goes on as time passes; those of a service go on with it."""
        while self.deployment is None and self.last_status != "STOPPED" and time.monotonic() - self.since > STEP:
            if not self.step():
                break

    def step(self):
        """Into its next state. @returns whether there was one"""
        self.since += STEP
        self.version += 1
        state = self.last_status
        if state == "STOPPED" or state == "RUNNING" and self.exit_code() is None:
            return False
        if state == "PENDING" and (reason := self.obstacle()):
            self.stop("TaskFailedToStart", reason)
        elif state == "RUNNING" or state == "ACTIVATING" and self.exit_code() not in (None, 0):
            self.exit()
        else:
            self.status_now = STATES[STATES.index(state) + 1]
            if self.status_now == "RUNNING":
                self.started()
        return True

    def started(self):
        self.started_at = self.pull_started_at = self.pull_stopped_at = self.connectivity_at = utcnow()
        for each in self.containers:
            each.last_status, each.runtime_id = "RUNNING", f"{self.id.replace('-', '')}-{abs(hash(each.name)) % 10**10:010d}"
            each.image_digest = self.digest(each)
            if each.definition.get("healthCheck"):
                each.health_status = self.health_status = "HEALTHY"
            for agent in getattr(each, "managed_agents", []):
                agent["lastStatus"] = "RUNNING"
            self.prints(each, f"{each.name} runs {each.image}")

    def exit_code(self):
        tags = [each.tag for each in self.containers if each.definition.get("essential", True)]
        return 3 if "broken" in tags else 0 if "brief" in tags else None

    def exit(self):
        code = self.exit_code()
        if not hasattr(self, "started_at"):
            self.started()
        for each in self.containers:
            if each.tag in ("broken", "brief"):
                self.prints(each, "I cannot go on" if code else "done")
                each.exit_code = code
            else:
                each.exit_code = 143
        self.stop("EssentialContainerExited", "Essential container in task exited")

    def stop(self, code, reason):
        if self.last_status == "STOPPED":
            return
        self.status_now = self.desired_status = "STOPPED"
        self.stop_code, self.stopped_reason = code, reason
        self.stopping_at = self.execution_stopped_at = self.stopped_at = utcnow()
        for each in self.containers:
            if each.last_status == "RUNNING" and each.exit_code is None:
                each.exit_code = 143
            each.last_status = "STOPPED"
        interfaces = [d["value"] for a in self.attachments for d in a["details"] if d["name"] == "networkInterfaceId"]
        for interface in interfaces:
            ec2_backends[self._account_id][self.region_name].delete_network_interface(interface)
        for each in self.attachments:
            each["status"] = "DELETED"

    def obstacle(self):
        """Why it cannot start."""
        for each in self.containers:
            for secret in each.definition.get("secrets", []):
                if reason := self.missing_secret(secret["valueFrom"]):
                    return f"ResourceInitializationError: unable to pull secrets or registry auth: {reason}"
            own = re.match(r"(\d{12})\.dkr\.ecr\.([\w-]+)\.amazonaws\.com/([^:@]+)(?::([^@]+))?(?:@(.+))?$", each.image)
            if own is None:
                continue
            account, region, name, tag, digest = own.groups()
            repository = ecr_backends[account][region].repositories.get(name)
            images = repository.images if repository else []
            if not any(tag in i.image_tags if digest is None else digest == i.image_digest for i in images):
                return (
                    f"CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref "
                    f"{each.image}: {each.image}: not found"
                )
        return None

    def missing_secret(self, value_from):
        account, region = self._account_id, self.region_name
        if ":secretsmanager:" in value_from:
            arn = ":".join(value_from.split(":")[:7])
            if secretsmanager_backends[account][region].secrets.get(arn) is not None:
                return None
            return (
                "execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 "
                f"time(s): failed to fetch secret {arn} from secrets manager: ResourceNotFoundException: Secrets Manager "
                "can't find the specified secret."
            )
        name = re.sub(r"^arn:[^/]+:parameter", "", value_from)
        if ssm_backends[account][region].get_parameter(name if "/" in name[1:] or name.startswith("/") else name) is None:
            return (
                "execution resource retrieval failed: unable to retrieve secrets from ssm: service call has been retried 1 "
                f"time(s): invalid parameters: {name}"
            )
        return None

    def digest(self, container):
        if "@" in container.image:
            return container.image.split("@")[1]
        name = container.image.split("/", 1)[-1].rsplit(":", 1)[0]
        repository = ecr_backends[self._account_id][self.region_name].repositories.get(name)
        return next((i.image_digest for i in (repository.images if repository else []) if container.tag in i.image_tags), None)

    def prints(self, container, line):
        log = container.definition.get("logConfiguration") or {}
        options = log.get("options") or {}
        group, prefix = options.get("awslogs-group"), options.get("awslogs-stream-prefix")
        if log.get("logDriver") != "awslogs" or not group or not prefix:
            return
        backend = logs_backends[self._account_id][options.get("awslogs-region") or self.region_name]
        if group not in backend.groups:
            return
        stream = f"{prefix}/{container.name}/{self.id}"
        if stream not in backend.groups[group].streams:
            backend.create_log_stream(group, stream)
        backend.put_log_events(group, stream, [{"timestamp": int(unix_time_millis()), "message": line}])


def _without_network(definition):
    bare = copy.copy(definition)
    bare.network_mode = "bridge"
    return bare


def new_task(backend, cluster, definition, group, started_by, network=None, service=None, **kw):
    task = Task(
        cluster=cluster,
        task_definition=definition,
        container_instance_arn=None,
        resource_requirements=None,
        backend=backend,
        group=group,
        started_by=started_by,
        networking_configuration=network,
        service=service,
        **kw,
    )
    backend.tasks.setdefault(cluster.name, {})[task.task_arn] = task
    return task


def run_task(
    self,
    cluster_str,
    task_definition_str,
    count,
    overrides,
    started_by,
    tags,
    launch_type,
    networking_configuration=None,
    group=None,
    platform_version=None,
    capacity_provider_strategy=None,
):
    cluster, definition = self._get_cluster(cluster_str), self.describe_task_definition(task_definition_str)
    return [
        new_task(
            self,
            cluster,
            definition,
            group or f"family:{definition.family}",
            started_by or "",
            networking_configuration,
            overrides=overrides or {},
            tags=tags or [],
            launch_type=launch_type or "FARGATE",
            platform_version=platform_version,
        )
        for _ in range(count or 1)
    ]


models.EC2ContainerServiceBackend.run_task = run_task


def stop_task(self, cluster_str, task_str, reason):
    cluster = self._get_cluster(cluster_str)
    for arn, task in self.tasks.get(cluster.name, {}).items():
        if arn.split("/")[-1] == task_str.split("/")[-1]:
            task.stop("UserInitiated", reason or "Task stopped by user")
            return task
    raise models.InvalidParameterException("The referenced task was not found.")


models.EC2ContainerServiceBackend.stop_task = stop_task
