"""CloudFormation, and what stacks do to other services, where moto 5.2.5 leaves it out or has it differently."""
import uuid
import json
import threading
from moto.cloudformation import models, parsing, responses as cfn
from deletions import deleted as note

# What an update has found out on its way: resources that did not come to be, with the reason; resources that others replaced.
class OfOneUpdate(threading.local):
    def __init__(self):
        self.failures, self.replaced_ones = [], []


now = OfOneUpdate()

# GetTemplateSummary answers for a stack set too, and its Metadata is JSON text.
read = cfn.get_template_summary_response_from_template
def summary(body):
    out = read(body)
    if isinstance(out.get("Metadata"), dict):
        out["Metadata"] = json.dumps(out["Metadata"])
    return out
cfn.get_template_summary_response_from_template = summary
original = cfn.CloudFormationResponse.get_template_summary
def get_template_summary(self):
    name = self._get_param("StackSetName")
    if name:
        body = self.cloudformation_backend.describe_stack_set(name).template
        return cfn.ActionResult(summary(body))
    return original(self)
cfn.CloudFormationResponse.get_template_summary = get_template_summary

# A nested stack answers for its outputs.
models.Stack.get_cfn_attribute = lambda self, attr: next((o["OutputValue"] for o in self.outputs or [] if attr == "Outputs." + o["OutputKey"]), "")

# A resource class that knows no attributes answers with a made-up one.
if not hasattr(parsing.CloudFormationModel, "get_cfn_attribute"):
    parsing.CloudFormationModel.get_cfn_attribute = lambda self, attr: getattr(self, "arn", None) or f"{getattr(self, 'physical_resource_id', 'unknown')}-{attr}"

# An EFS access point has a name and attributes.
from moto.efs import models as efs
efs.AccessPoint.physical_resource_id = property(lambda self: self.access_point_id)
efs.AccessPoint.get_cfn_attribute = lambda self, attr: self.access_point_arn if attr == "Arn" else self.access_point_id

# The short form !Condition inside a condition.
def long_form(v):
    if isinstance(v, dict): return {("Condition" if k == "Fn::Condition" else k): long_form(x) for k, x in v.items()}
    return [long_form(x) for x in v] if isinstance(v, list) else v
evaluate = parsing.parse_condition
parsing.parse_condition = lambda condition, resources, conditions: evaluate(long_form(condition), resources, conditions)

# Outputs whose value is a number are fine for CloudFormation.
def stringify(self):
    outputs = self._template.get("Outputs") or {}
    for output in outputs.values():
        if isinstance(output.get("Value"), (int, float)):
            output["Value"] = str(output["Value"])
    return validate(self)
validate = parsing.ResourceMap.validate_outputs
parsing.ResourceMap.validate_outputs = stringify

# A stack set's instances are real stacks: listed by their own id, and updated with the set.
def to_dict(self):
    return {**described(self), "StackId": self.stack.stack_id}
described = models.StackInstance.to_dict
models.StackInstance.to_dict = to_dict

def update(self, **kw):
    operation = updated(self, **kw)
    self.instances.template = self.template
    for i in self.instances.stack_instances:
        backend = models.cloudformation_backends[i.account_id][i.region_name]
        backend.update_stack(i.stack.name, self.template, None, self.parameters, None)
    return operation
updated = models.StackSet.update
models.StackSet.update = update

def create_stack(self, name, *a, **kw):
    return created(self, name.replace("StackSet:", "StackSet-"), *a, **kw)
created = models.CloudFormationBackend.create_stack
models.CloudFormationBackend.create_stack = create_stack

# An executed change set leaves its template, parameters, tags and outputs on the stack.
def apply(self):
    self.stack.template = self.template
    self.stack.parameters = {**(self.stack.parameters or {}), **(self.parameters or {})}
    self.stack._parse_template()
    backend = models.cloudformation_backends[self.stack.account_id][self.stack.region_name]
    self.stack.resource_map.cross_stack_resources = backend.exports
    self.stack.resource_map.update(self.template_dict, self.stack.parameters)
    self.stack.output_map = self.stack._create_output_map()
    if self.tags is not None:
        self.stack.tags = self.tags
    for export in self.stack.exports:
        backend.exports[export.name] = export
    tags = {**(self.stack.tags or {}), "aws:cloudformation:stack-name": self.stack.name, "aws:cloudformation:stack-id": self.stack.stack_id}
    for resource in self.stack.resource_map._parsed_resources.values():     # the stack's tags reach its resources
        kind = getattr(resource, "cf_resource_type", "")
        if kind == "AWS::SNS::Topic":
            resource._tags = {**resource._tags, **tags}
        elif kind in ("AWS::ECS::Service", "AWS::ECS::Cluster"):
            resource.tags = resource.tags or []
            have = {t["key"] for t in resource.tags}
            resource.tags = resource.tags + [{"key": k, "value": v} for k, v in tags.items() if k not in have]
models.ChangeSet.apply = apply

# A type that moto does not know, or would run a Lambda function for, becomes a record: it has a name, takes any property
# and answers any attribute with "<name>-<attribute>".
class Opaque(parsing.CloudFormationModel):
    __module__ = "moto.cloudformation.opaque"
    def __init__(self, name, properties, kind):
        self.name, self.properties, self.kind, self.answers = name, properties, kind, {}
    @property
    def physical_resource_id(self):
        return self.name
    @staticmethod
    def cloudformation_name_type():
        return ""
    @staticmethod
    def cloudformation_type():
        return "Opaque"
    @classmethod
    def has_cfn_attr(cls, attr):
        return True
    def get_cfn_attribute(self, attr):
        if attr in self.answers:
            return self.answers[attr]
        return {"Arn": f"arn:aws:opaque:us-west-2:123456789012:{self.name}"}.get(attr, f"{self.name}-{attr}")
    @classmethod
    def create_from_cloudformation_json(cls, name, json, account, region, **kw):
        self = cls(name, json.get("Properties", {}), json["Type"])
        # Its reference is its ARN.
        if self.kind == "AWS::CodeStarConnections::Connection":
            self.name = f"arn:aws:codestar-connections:{region}:{account}:connection/{uuid.uuid4()}"
        self.answer(account, region)
        return self
    @classmethod
    def update_from_cloudformation_json(cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name):
        original_resource.properties = cloudformation_json.get("Properties", {})
        original_resource.answer(account_id, region_name)
        return original_resource
    # What Copilot's own functions answer: the environment's outputs after switching features on for the workload, the next
    # rule priority, the desired count.
    def answer(self, account, region):
        p = self.properties
        if self.kind == "Custom::EnvControllerFunction":
            backend = models.cloudformation_backends[account][region]
            stack = next(s for s in backend.stacks.values() if s.name == p["EnvStack"])
            params = {k: v for k, v in stack.parameters.items()}
            for name in p.get("Parameters", []):
                if name.endswith("Workloads"):
                    params[name] = ",".join(sorted(set(filter(None, params.get(name, "").split(","))) | {p["Workload"]}))
            if params != stack.parameters:
                stack.update(stack.template, parameters=params)
                for name in stack.resource_map.resources:
                    stack.resource_map.get(name)
                stack.output_map = stack._create_output_map()
                for export in stack.exports:
                    backend.exports[export.name] = export
            self.answers = {o['OutputKey']: o['OutputValue'] for o in stack.outputs or []}
        elif self.kind == "Custom::CertificateValidationFunction" and not self.name.startswith("arn:"):
            from moto.acm.models import acm_backends
            client = acm_backends[account][region]
            self.name = client.request_certificate(domain_name=f"{p['EnvName']}.{p['AppName']}.{p['DomainName']}", idempotency_token=None, subject_alt_names=[], tags=[])
        elif self.kind == "Custom::RulePriorityFunction":
            Opaque.rules += 1
            root = "/" in p.get("RulePath", [])
            self.answers = {"Priority": 50000 - Opaque.rules if root else Opaque.rules}
            self.answers.update({f"Priority{i}": self.answers["Priority"] + i for i in range(1, 6)})
        elif self.kind == "Custom::DynamicDesiredCountFunction":
            self.answers = {"DesiredCount": p.get("DefaultDesiredCount", 1)}
    rules = 0
    @classmethod
    def delete_from_cloudformation_json(cls, name, json, account, region):
        pass
    # What Copilot's own functions do when CloudFormation sends them a Delete.
    def delete(self, account, region):
        p = self.properties
        if self.kind.startswith("Custom::"):
            note("custom resource gets a Delete", self.kind, self.name)
        if self.kind == "Custom::EnvControllerFunction":
            backend = models.cloudformation_backends[account][region]
            stack = next((s for s in backend.stacks.values() if s.name == p["EnvStack"]), None)
            params = {k: ",".join(x for x in v.split(",") if x != p["Workload"]) if k.endswith("Workloads") else v for k, v in (stack.parameters if stack else {}).items()}
            if stack and params != stack.parameters:
                stack.update(stack.template, parameters=params)
        elif self.kind == "Custom::CertificateValidationFunction" and self.name.startswith("arn:"):
            from moto.acm.models import acm_backends
            acm_backends[account][region].delete_certificate(self.name)
    def is_created(self):
        return True
def class_of(kind):
    if kind.startswith("Custom::") or kind in ("AWS::CloudFormation::CustomResource", "AWS::Lambda::Function", "AWS::Lambda::Permission"):
        return Opaque
    if kind == "AWS::CloudFormation::WaitConditionHandle":
        return Opaque
    return known(kind) or (Opaque if kind not in parsing.NULL_MODELS else None)
known = parsing.resource_class_from_type
parsing.resource_class_from_type = class_of

# A resource whose class knows no update stays what it was.
def update_resource(logical_id, resource_json, resources_map, account_id, region_name):
    return replaced(logical_id, resource_json, resources_map, account_id, region_name) or resources_map[logical_id]
replaced = parsing.parse_and_update_resource
parsing.parse_and_update_resource = update_resource

# DeletionPolicy holds in updates too, and a resource whose condition turns false goes.
def delete_resource(self, resource, json):
    if json.get("DeletionPolicy") != "Retain":
        try:
            deleted(self, resource, json)
        except Exception:
            if json["Type"] not in ("AWS::EC2::VPC", "AWS::EC2::InternetGateway"): raise     # moto keeps children of a VPC that nobody made
        note("resource deleted", json["Type"], getattr(resource, "physical_resource_id", ""))
deleted = parsing.ResourceMap._delete_resource
parsing.ResourceMap._delete_resource = delete_resource
def update_map(self, template, parameters=None):
    before = dict(self._resource_json_map)
    changed(self, template, parameters)
    for name in [n for n in before if n not in self._resource_json_map]:
        self._parsed_resources.pop(name, None)
    off = lambda json: json.get("Condition") and not self.lazy_condition_map[json["Condition"]]
    pending = [n for n, json in self._resource_json_map.items() if off(json) and self._parsed_resources.get(n) is not None]
    for attempt in range(5):                      # what others still hold goes in a later pass
        for name in list(pending):
            try:
                delete_resource(self, self._parsed_resources[name], self._resource_json_map[name])
            except Exception:
                if attempt == 4: raise
            else:
                self._parsed_resources.pop(name); pending.remove(name)
changed = parsing.ResourceMap.update
parsing.ResourceMap.update = update_map

# An output whose condition is false exports nothing.
def exports(self):
    out = []
    for value in (self._output_json_map or {}).values():
        condition = value.get("Condition")
        if value.get("Export") and (not condition or self._resource_map.lazy_condition_map.get(condition)):
            value_of = lambda v: parsing.clean_json(v, self._resource_map)
            out.append(parsing.Export(self._stack_id, value_of(value["Export"].get("Name")), value_of(value.get("Value"))))
    return out
parsing.OutputMap.exports = property(exports)

# AWS::NoValue in a list leaves no element behind.
def clean_json(value, resources):
    try:
        out = clean(value, resources)
    except parsing.ValidationError as e:
        if "references undefined resource" not in str(e): raise
        return None          # the attribute of a resource that its condition leaves out
    return [x for x in out if x is not None] if isinstance(out, list) else out
clean = parsing.clean_json
parsing.clean_json = clean_json
