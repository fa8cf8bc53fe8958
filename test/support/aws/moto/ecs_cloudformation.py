"""What CloudFormation does with ECS, where moto 5.2.5 leaves it out: all properties of task definitions and services reach
ECS; the same task definition is not registered again; a service is waited for, and goes with its stack."""

import cloudformation
import ecs_services
import ecs_tasks
import turns
from moto.cloudformation import models as models_of_stacks
from moto.core.utils import pascal_to_camelcase, remap_nested_keys
from moto.ecs import models

backends = models.ecs_backends

# Maps whose keys are the user's own.
MAPS = ("DockerLabels", "Options", "DriverOpts", "Labels")


def camel(value):
    """The keys of ECS's own API."""
    if isinstance(value, list):
        return [camel(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {pascal_to_camelcase(key): (each if key in MAPS else camel(each)) for key, each in value.items()}


def numbers(definition):
    """CloudFormation turns text into what a property's type asks for."""
    if isinstance(definition, list):
        return [numbers(each) for each in definition]
    if not isinstance(definition, dict):
        return definition
    whole = ("containerPort", "hostPort", "cpu", "memory", "memoryReservation", "interval", "timeout", "retries", "startPeriod")
    whole += ("startTimeout", "stopTimeout", "softLimit", "hardLimit", "sizeInGiB", "desiredCount", "healthCheckGracePeriodSeconds")
    truth = ("essential", "readOnly", "readonlyRootFilesystem", "enable", "rollback", "enableExecuteCommand", "initProcessEnabled")
    out = {}
    for key, each in definition.items():
        if key in whole and isinstance(each, str) and each.isdigit():
            each = int(each)
        elif key in truth and each in ("true", "false"):
            each = each == "true"
        out[key] = numbers(each)
    return out


def tags_of(properties):
    return [{"key": each["Key"], "value": each["Value"]} for each in properties.get("Tags") or []]


class Definitions:
    @classmethod
    def create(cls, resource_name, cloudformation_json, account_id, region_name, **kw):
        p = cloudformation_json["Properties"]
        backend = backends[account_id][region_name]
        definition = backend.register_task_definition(
            family=p.get("Family") or resource_name,
            container_definitions=numbers(camel(p.get("ContainerDefinitions") or [])),
            volumes=numbers(camel(p.get("Volumes") or [])),
            network_mode=p.get("NetworkMode"),
            tags=tags_of(p),
            requires_compatibilities=p.get("RequiresCompatibilities"),
            cpu=str(p["Cpu"]) if p.get("Cpu") is not None else None,
            memory=str(p["Memory"]) if p.get("Memory") is not None else None,
            task_role_arn=p.get("TaskRoleArn"),
            execution_role_arn=p.get("ExecutionRoleArn"),
            runtime_platform=camel(p.get("RuntimePlatform")),
            ephemeral_storage=numbers(camel(p.get("EphemeralStorage"))),
        )
        definition.of_stack = p
        return definition

    @classmethod
    def update(cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name):
        p = cloudformation_json["Properties"]
        if p == getattr(original_resource, "of_stack", None):
            return original_resource
        backend = backends[account_id][region_name]
        for known in backend.task_definitions.get(p.get("Family"), {}).values():
            # A roll-back finds the one that it left.
            if known.status == "ACTIVE" and getattr(known, "of_stack", None) == p:
                cloudformation.now.replaced_ones.append(("AWS::ECS::TaskDefinition", original_resource))
                return known
        new = cls.create(new_resource_name, cloudformation_json, account_id, region_name)
        cloudformation.now.replaced_ones.append(("AWS::ECS::TaskDefinition", original_resource))
        return new


def deregister(self, account_id, region_name):
    backend = backends[account_id][region_name]
    if self.status == "ACTIVE":
        backend.deregister_task_definition(self.arn)


models.TaskDefinition.create_from_cloudformation_json = Definitions.create
models.TaskDefinition.update_from_cloudformation_json = Definitions.update
models.TaskDefinition.delete = deregister


def name_of(value, attribute="name"):
    return getattr(value, attribute, value)


def own_of(p):
    own = numbers(camel({key: p.get(key) for key in map(lambda k: k[0].upper() + k[1:], ecs_services.DEFAULTS)}))
    # What CloudFormation names otherwise than ECS.
    return {key: value for key, value in own.items() if value is not None}


def create_service(cls, resource_name, cloudformation_json, account_id, region_name, **kw):
    p = cloudformation_json["Properties"]
    service = ecs_services.create(
        backends[account_id][region_name],
        name_of(p.get("Cluster", "default")),
        p.get("ServiceName") or resource_name,
        name_of(p.get("TaskDefinition"), "arn"),
        p.get("DesiredCount"),
        own_of(p),
        tags=tags_of(p),
        launch_type=p.get("LaunchType"),
    )
    # Its stack names it from now on.
    service.cf_resource_type, service.logical_resource_id = "AWS::ECS::Service", kw["LogicalId"]
    stacks = models_of_stacks.cloudformation_backends[account_id][region_name].stacks
    if kw["StackId"] in stacks:
        stacks[kw["StackId"]].resource_map._parsed_resources[kw["LogicalId"]] = service
    return waited_for(service)


def update_service(cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name):
    p = cloudformation_json["Properties"]
    own, count = own_of(p), p.get("DesiredCount")
    service = ecs_services.change(original_resource, name_of(p.get("TaskDefinition"), "arn"), count, own)
    return waited_for(service)


def waited_for(service):
    """As on AWS, a deployment takes its time, can be looked at meanwhile, and is over a little before this is noticed."""
    deployment = service.going[0]
    begun = deployment.rollout == "IN_PROGRESS"
    is_on = lambda: service.status == "ACTIVE" and service.going[0] is deployment and deployment.rollout == "IN_PROGRESS"
    while is_on() and deployment.failed <= 10 * ecs_services.threshold(service):
        turns.pause(ecs_tasks.STEP)
        ecs_services.look(service)
    if begun:
        turns.pause(6 * ecs_tasks.STEP)
    ecs_services.look(service, settle=True)
    if deployment.rollout != "COMPLETED":
        breaker = deployment.rollout == "FAILED"
        reason = "Error occurred during operation 'ECS Deployment Circuit Breaker was triggered'." if breaker else "Exceeded attempts to wait"
        cloudformation.now.failures.append((service, f'Resource handler returned message: "{reason}" (HandlerErrorCode: {"GeneralServiceException" if breaker else "NotStabilized"})'))
    return service


def delete_service(self, account_id, region_name):
    if self.status == "ACTIVE":
        ecs_services.end(self)


models.Service.create_from_cloudformation_json = classmethod(create_service)
models.Service.update_from_cloudformation_json = classmethod(update_service)
models.Service.delete = delete_service


def delete_cluster(self, account_id, region_name):
    backend = backends[account_id][region_name]
    if self.name in backend.clusters:
        backend.clusters.pop(self.name)


if not hasattr(models.Cluster, "delete"):
    models.Cluster.delete = delete_cluster
