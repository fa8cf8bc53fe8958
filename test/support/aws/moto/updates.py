"""Change sets and their execution, where moto 5.2.5 leaves things out: what changes when a parameter, a condition or a resource
that is referred to changes; whether a resource is replaced, by the schemas of the CloudFormation registry (which cfn-lint
brings along); the events of resources; the roll-back when a resource does not come to be, as CloudFormation does it; change
sets of one name in several stacks.

Sources: AWS CloudFormation User Guide, "Update CloudFormation stacks using change sets", "Stack failure options"; API Reference,
ResourceChange."""

import copy
import importlib.util
import json
import pathlib
import re

import cloudformation
from moto.cloudformation import models, parsing, responses
from moto.cloudformation.exceptions import ValidationError

NO_CHANGES = "The submitted information didn't contain changes. Submit different information to create a change set."


def schema_of(kind):
    """The registry's schema of a type; none for those that it does not know."""
    if kind not in schema_of.known:
        # Found without importing cfn-lint, which takes a second.
        root = pathlib.Path(importlib.util.find_spec("cfnlint").origin).parent / "data/schemas"
        if schema_of.index is None:
            schema_of.index = json.loads((root / "providers/us-west-2.json").read_text())
        name = schema_of.index.get(kind)
        schema_of.known[kind] = json.loads((root / f"resources/{name}.json").read_text()) if name else {}
    return schema_of.known[kind]


schema_of.known, schema_of.index = {}, None


class Resolved:
    """A template's resources with parameters and conditions filled in, and references left as they are."""

    def __init__(self, template, parameters):
        self.template = template or {}
        declared = self.template.get("Parameters") or {}
        self.values = {name: str(each["Default"]) for name, each in declared.items() if "Default" in each}
        self.values.update({name: str(value) for name, value in (parameters or {}).items()})
        self.conditions = {}
        self.resources = {
            name: {**{key: self.fill(each) for key, each in json.items()}}
            for name, json in (self.template.get("Resources") or {}).items()
            if "Condition" not in json or self.holds(json["Condition"])
        }

    def holds(self, name):
        if name not in self.conditions:
            self.conditions[name] = bool(self.test((self.template.get("Conditions") or {}).get(name)))
        return self.conditions[name]

    def test(self, condition):
        condition = cloudformation.long_form(condition)
        if not isinstance(condition, dict) or len(condition) != 1:
            return condition
        (kind, value), = condition.items()
        if kind == "Condition":
            return self.holds(value)
        if kind == "Fn::Equals":
            a, b = (json.dumps(self.fill(each)) for each in value)
            return a.lower() == b.lower() if a.lower() in ('"true"', '"false"') else a == b
        if kind == "Fn::Not":
            return not self.test(value[0])
        tests = [self.test(each) for each in value]
        return all(tests) if kind == "Fn::And" else any(tests)

    def fill(self, value):
        if isinstance(value, list):
            return [each for each in map(self.fill, value) if each != {"Ref": "AWS::NoValue"}]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            (kind, inner), = value.items()
            if kind == "Ref" and inner in self.values:
                return self.values[inner]
            if kind == "Fn::If":
                return self.fill(inner[1] if self.holds(inner[0]) else inner[2])
            if kind == "Fn::Sub":
                text, more = inner if isinstance(inner, list) else (inner, {})
                text = re.sub(r"\$\{([A-Za-z0-9:.]+)\}", lambda m: self.values.get(m[1], m[0]) if m[1] not in more else m[0], text)
                return {"Fn::Sub": [text, self.fill(more)]}
            if kind == "Fn::FindInMap":
                found = self.template.get("Mappings") or {}
                for key in map(self.fill, inner[:3]):
                    found = found.get(key, {}) if isinstance(found, dict) and isinstance(key, str) else {}
                return found or {kind: self.fill(inner)}
        filled = {key: self.fill(each) for key, each in value.items()}
        return {key: each for key, each in filled.items() if each != {"Ref": "AWS::NoValue"}}


def references(value):
    """The names that a value refers to."""
    if isinstance(value, list):
        return set().union(*map(references, value)) if value else set()
    if not isinstance(value, dict):
        return set()
    found = set()
    for key, each in value.items():
        if key == "Ref":
            found.add(each)
        elif key == "Fn::GetAtt":
            found.add(each[0] if isinstance(each, list) else each.split(".")[0])
        elif key == "Fn::Sub":
            text = each[0] if isinstance(each, list) else each
            found |= {name.split(".")[0] for name in re.findall(r"\$\{([A-Za-z0-9:.]+)\}", text)}
            found |= references(each[1:]) if isinstance(each, list) else set()
        else:
            found |= references(each)
    return found


def changed_paths(old, new, path=""):
    """Where two values differ: /properties/A/B."""
    if old == new:
        return []
    if isinstance(old, dict) and isinstance(new, dict) and "Ref" not in old and "Ref" not in new:
        return [p for key in {**old, **new} for p in changed_paths(old.get(key), new.get(key), f"{path}/{key}")]
    return [path]


def is_replaced(kind, paths):
    create_only = schema_of(kind).get("createOnlyProperties") or []
    wanted = [each.removeprefix("/properties") for each in create_only]
    return any(path == each or path.startswith(each + "/") or each.startswith(path + "/") for path in paths for each in wanted)


def changes_between(old, new):
    """[(action, name, type, replacement, paths, scope)] as CloudFormation finds them before it begins."""
    out = {}
    for name, json in new.resources.items():
        if name not in old.resources:
            out[name] = ("Add", name, json["Type"], None, [], [])
            continue
        was = old.resources[name]
        if was["Type"] != json["Type"]:
            out[name] = ("Modify", name, json["Type"], "True", [], ["Properties"])
            continue
        paths = changed_paths(was.get("Properties") or {}, json.get("Properties") or {})
        kinds = {"Metadata": "Metadata", "DeletionPolicy": "DeletionPolicy", "UpdateReplacePolicy": "UpdateReplacePolicy"}
        scope = (["Properties"] if paths else []) + [s for key, s in kinds.items() if was.get(key) != json.get(key)]
        if scope:
            out[name] = ("Modify", name, json["Type"], "True" if is_replaced(json["Type"], paths) else "False", paths, scope)
    for name, json in old.resources.items():
        if name not in new.resources:
            out[name] = ("Remove", name, json["Type"], None, [], [])
    # Whoever refers to a resource that is replaced is updated too; what that does to it is only known then.
    grown = True
    while grown:
        grown = False
        replaced = {name for name, change in out.items() if change[0] == "Modify" and change[3] in ("True", "Conditional")}
        for name, json in new.resources.items():
            if name in out and (out[name][0] == "Add" or out[name][3] in ("True", "Conditional")):
                continue
            properties = json.get("Properties") or {}
            paths = [f"/{key}" for key, each in properties.items() if references(each) & replaced]
            if not paths or name in out and set(paths) <= set(out[name][4]):
                continue
            replacement = "Conditional" if is_replaced(json["Type"], paths) else "False"
            before = out.get(name, ("Modify", name, json["Type"], "False", [], []))
            out[name] = ("Modify", name, json["Type"], replacement, sorted({*before[4], *paths}), sorted({*before[5], "Properties"}))
            grown = True
    return list(out.values())


def after_what_they_depend_on(names, resources):
    """What a resource refers to, moto makes before it; not what its DependsOn names."""
    in_order = []

    def add(name):
        if name in in_order or name not in names:
            return
        depends = resources[name].get("DependsOn") or []
        for each in [depends] if isinstance(depends, str) else depends:
            add(each)
        if name not in in_order:
            in_order.append(name)

    for name in names:
        add(name)
    return in_order


def build_resource_diff(self, other_template, parameters=None):
    """What an update does, each after what it refers to."""
    known = self.input_parameters or {}
    given = parameters if isinstance(parameters, dict) else {}
    old, new = Resolved(self._template, known), Resolved(other_template, {**known, **given})
    found = changes_between(old, new)
    modified = [each[1] for each in found if each[0] == "Modify" and (each[4] or "Properties" in each[5])]
    in_order = []
    while modified:
        ready = [n for n in modified if not references(new.resources[n].get("Properties")) & (set(modified) - {n})] or modified[:1]
        in_order += ready
        modified = [n for n in modified if n not in ready]
    raw_old, raw_new = self._resource_json_map, other_template["Resources"]
    return {
        "Add": after_what_they_depend_on([each[1] for each in found if each[0] == "Add"], new.resources),
        "Modify": in_order,
        # What a condition leaves out from now on goes later (cloudformation.update_map).
        "Remove": [name for name in raw_old if name not in raw_new],
    }


parsing.ResourceMap.build_resource_diff = build_resource_diff


class Change(models.BaseModel):
    __module__ = "moto.cloudformation.changes"

    def __init__(self, stack, action, name, kind, replacement, paths, scope):
        self.action, self.logical_resource_id, self.resource_type = action, name, kind
        self.replacement, self.scope = replacement, scope
        if action != "Add":
            self.physical_resource_id = physical_id(stack, name)
        if action == "Modify":
            self.details = [
                {
                    "Target": {
                        "Attribute": "Properties",
                        "Name": path.split("/")[1],
                        "RequiresRecreation": ("Always" if is_replaced(kind, [path]) else "Never"),
                    },
                    "Evaluation": "Static",
                    "ChangeSource": "DirectModification",
                }
                for path in paths
                if path
            ]


def physical_id(stack, name):
    resource = stack.resource_map._parsed_resources.get(name)
    return str(getattr(resource, "physical_resource_id", "") or "")


def state_of(stack):
    """What the stack is now; nothing while it is only under review."""
    if stack.status == "REVIEW_IN_PROGRESS":
        return Resolved({}, {})
    return Resolved(stack.template_dict, stack.resource_map.input_parameters)


def diff(self):
    new = Resolved(self.template_dict, {**(self.stack.resource_map.input_parameters or {}), **(self.parameters or {})})
    self.found = changes_between(state_of(self.stack), new)
    return [Change(self.stack, *each) for each in self.found]


models.ChangeSet.diff = diff


def create_change_set(self, *args, **kw):
    out = created(self, *args, **kw)
    change_set = self.change_sets[out[0]]
    if change_set.change_set_type != "UPDATE":
        return out
    stack, tags = change_set.stack, change_set.tags
    same_tags = tags is None or {**(stack.tags or {})} == tags
    outputs = [Resolved({**(t or {}), "Resources": {"Outputs": {"Type": "", "Properties": (t or {}).get("Outputs") or {}}}}, {
        **(stack.resource_map.input_parameters or {}), **p}).resources for t, p in ((stack.template_dict, {}), (change_set.template_dict, change_set.parameters or {}))]
    if not change_set.found and same_tags and outputs[0] == outputs[1]:
        change_set.status, change_set.execution_status, change_set.status_reason = "FAILED", "UNAVAILABLE", NO_CHANGES
    else:
        change_set.status, change_set.execution_status, change_set.status_reason = "CREATE_COMPLETE", "AVAILABLE", None
    return out


created = models.CloudFormationBackend.create_change_set
models.CloudFormationBackend.create_change_set = create_change_set


def find(self, change_set_name, stack_name):
    for change_set in self.change_sets.values():
        if change_set.change_set_id == change_set_name:
            return change_set
        of_stack = stack_name in (None, change_set.stack_name, change_set.stack_id)
        if change_set.change_set_name == change_set_name and of_stack and change_set.stack.stack_id in self.stacks:
            return change_set
    return None


def resource_event(stack, name, kind, status, reason=None, physical=None):
    event = models.Event(
        stack_id=stack.stack_id,
        stack_name=stack.name,
        logical_resource_id=name,
        physical_resource_id=physical if physical is not None else physical_id(stack, name),
        resource_type=kind,
        resource_status=status,
        resource_status_reason=reason,
        resource_properties=None,
    )
    stack.events.append(event)


WORDS = {"Add": "CREATE", "Modify": "UPDATE", "Remove": "DELETE"}


def run(stack, apply, found):
    """Applies and tells what happens to each resource. @returns what did not come to be"""
    cloudformation.now.failures.clear()
    cloudformation.now.replaced_ones.clear()
    removed = {name: physical_id(stack, name) for action, name, *_ in found if action == "Remove"}
    for action, name, kind, *_ in found:
        if action != "Remove":
            resource_event(stack, name, kind, f"{WORDS[action]}_IN_PROGRESS")
    apply()
    failed = {id(resource): reason for resource, reason in cloudformation.now.failures}
    for action, name, kind, *_ in found:
        if action == "Remove":
            continue
        reason = failed.get(id(stack.resource_map._parsed_resources.get(name)))
        if reason:
            resource_event(stack, name, kind, f"{WORDS[action]}_FAILED", reason)
        else:
            resource_event(stack, name, kind, f"{WORDS[action]}_COMPLETE")
    for name, physical in removed.items():
        kind = next(each[2] for each in found if each[1] == name)
        resource_event(stack, name, kind, "DELETE_IN_PROGRESS", physical=physical)
        resource_event(stack, name, kind, "DELETE_COMPLETE", physical=physical)
    names = {id(resource): name for name, resource in stack.resource_map._parsed_resources.items()}
    return [names.get(id(resource), "?") for resource, _ in cloudformation.now.failures]


def clean_up(stack):
    """What was replaced is deleted when the update is complete."""
    for kind, resource in cloudformation.now.replaced_ones:
        json = stack.template_dict["Resources"].get(getattr(resource, "logical_resource_id", ""), {})
        if json.get("UpdateReplacePolicy") != "Retain":
            cloudformation.deleted(stack.resource_map, resource, {"Type": kind})
            cloudformation.note("resource deleted", kind, resource.physical_resource_id)


def execute_change_set(self, change_set_name, stack_name=None):
    change_set, keep_failed = find(self, change_set_name, stack_name), getattr(self, "disable_rollback", False)
    if change_set is None:
        raise ValidationError(message=f"ChangeSet [{change_set_name}] does not exist")
    stack, kind = change_set.stack, change_set.change_set_type
    if stack.status in ("CREATE_FAILED", "UPDATE_FAILED") and not keep_failed:
        raise ValidationError(
            message=f"This stack is currently in a non-terminal [{stack.status}] state. To update the stack from this state, please use the "
            "disable-rollback parameter with update-stack API. To rollback to the last known good state, use the rollback-stack API"
        )
    first = stack.status == "REVIEW_IN_PROGRESS"
    kind = "CREATE" if first else "UPDATE"
    before = copy.copy(change_set)
    before.template, before.template_dict = stack.template, copy.deepcopy(stack.template_dict)
    before.parameters, before.tags = dict(stack.resource_map.input_parameters or {}), copy.deepcopy(stack.tags)
    stack.role_arn = change_set.role_arn or getattr(stack, "role_arn", None)
    stack._add_stack_event(f"{kind}_IN_PROGRESS", resource_status_reason="User Initiated")
    if first:
        stack.status = "CREATE_IN_PROGRESS"
    failed = run(stack, change_set.apply, change_set.found)
    change_set.execution_status = "EXECUTE_COMPLETE"
    if stack.status == "DELETE_COMPLETE":
        stack.resource_map.delete()  # what came while it was deleted
        return
    if not failed:
        finish(stack, f"{kind}_COMPLETE", change_set)
        return
    change_set.execution_status = "EXECUTE_FAILED"
    reason = f"The following resource(s) failed to {kind.lower()}: [{', '.join(failed)}]. "
    if keep_failed:
        stack._add_stack_event(f"{kind}_FAILED", resource_status_reason=reason)
        stack.status, stack.status_reason, stack.template = f"{kind}_FAILED", reason, change_set.template
        return
    if kind == "CREATE":
        stack._add_stack_event("ROLLBACK_IN_PROGRESS", resource_status_reason=reason + "Rollback requested by user.")
        stack.resource_map.delete()
        stack.output_map = stack.resource_map  # it exports nothing
        finish(stack, "ROLLBACK_COMPLETE", change_set)
        stack.output_map = models.OutputMap(stack.resource_map, {}, stack.stack_id)
        return
    stack._add_stack_event("UPDATE_ROLLBACK_IN_PROGRESS", resource_status_reason=reason)
    back = changes_between(
        Resolved(change_set.template_dict, {**before.parameters, **(change_set.parameters or {})}),
        Resolved(before.template_dict, before.parameters),
    )
    run(stack, before.apply, back)
    finish(stack, "UPDATE_ROLLBACK_COMPLETE", before)


# Who looks at a stack makes nothing: some of its resources are not there yet, or are gone again. (On AWS those are listed still,
# as DELETE_COMPLETE.)
def resources(self):
    if self.status in ("REVIEW_IN_PROGRESS", "CREATE_IN_PROGRESS", "ROLLBACK_COMPLETE", "DELETE_COMPLETE"):
        return [each for each in self.resource_map._parsed_resources.values() if each is not None]
    return listed.fget(self)


listed = models.Stack.stack_resources
models.Stack.stack_resources = property(resources)


def outputs(self):
    return None if self.status == "CREATE_IN_PROGRESS" else answered.fget(self)


answered = models.Stack.outputs
models.Stack.outputs = property(outputs)


def finish(stack, status, change_set):
    if status.startswith("UPDATE"):
        stack._add_stack_event(f"{status}_CLEANUP_IN_PROGRESS")
    clean_up(stack)
    stack._add_stack_event(status)
    stack.status, stack.status_reason, stack.template = status, None, change_set.template


models.CloudFormationBackend.execute_change_set = execute_change_set


def describe_change_set(self, change_set_name, stack_name=None):
    change_set = find(self, change_set_name, stack_name)
    if change_set is None:
        raise models.ValidationError(change_set_name)
    return change_set


models.CloudFormationBackend.describe_change_set = describe_change_set


def execute(self):
    self.cloudformation_backend.disable_rollback = self._get_bool_param("DisableRollback", False)
    return executed(self)


executed = responses.CloudFormationResponse.execute_change_set
responses.CloudFormationResponse.execute_change_set = execute
