"""What change sets and stack sets refuse, where moto 5.2.5 makes a second one: a request that is repeated because its answer
was lost would leave two. Source: CloudFormation's API reference, CreateChangeSet, CreateStackSet, UpdateStackSet."""
from moto.cloudformation import models
from moto.cloudformation.exceptions import AlreadyExistsException, CloudFormationError, ValidationError


class NameAlreadyExists(CloudFormationError):
    code = "NameAlreadyExistsException"


class OperationIdAlreadyExists(CloudFormationError):
    code = "OperationIdAlreadyExistsException"


# A change set that creates goes to the stack that is under review already, and to no other one that is there.
def create_change_set(self, stack_name, change_set_name, *args, change_set_type, **kw):
    if any(c.change_set_name == change_set_name and c.stack_name == stack_name for c in self.change_sets.values()):
        raise AlreadyExistsException(f"ChangeSet {change_set_name} already exists")
    there = next((s for s in self.stacks.values() if s.name == stack_name), None)
    if change_set_type == "CREATE" and there is not None and there.status != "REVIEW_IN_PROGRESS":
        raise ValidationError(message=f"Stack [{stack_name}] already exists and cannot be created again with the changeSet [{change_set_name}].")
    id, stack_id = create(self, stack_name, change_set_name, *args, change_set_type=change_set_type, **kw)
    if there is not None and stack_id != there.stack_id:
        del self.stacks[stack_id]
        self.change_sets[id].stack = there
        self.change_sets[id].stack_id = there.stack_id
    return id, self.change_sets[id].stack_id
create = models.CloudFormationBackend.create_change_set
models.CloudFormationBackend.create_change_set = create_change_set


# A change set that has been executed is not executed again, and those beside it are gone.
class InvalidChangeSetStatus(CloudFormationError):
    code = "InvalidChangeSetStatus"


def execute_change_set(self, change_set_name, stack_name=None):
    named = lambda c: change_set_name in (c.change_set_id, c.change_set_name) and (not stack_name or stack_name in (c.stack_id, c.stack_name))
    change_set = next((c for c in self.change_sets.values() if named(c)), None)
    if change_set is not None and change_set.execution_status != "AVAILABLE":
        raise InvalidChangeSetStatus(f"ChangeSet [{change_set.change_set_id}] cannot be executed in its current execution status of [{change_set.execution_status}]")
    execute(self, change_set_name, stack_name)
    if change_set is not None:
        self.change_sets = {id: c for id, c in self.change_sets.items() if c is change_set or c.stack_id != change_set.stack_id}
execute = models.CloudFormationBackend.execute_change_set
models.CloudFormationBackend.execute_change_set = execute_change_set


def create_stack_set(self, name, *args, **kw):
    if any(s.name == name and s.status != "DELETED" for s in self.stacksets.values()):
        raise NameAlreadyExists(f"StackSet {name} already exists")
    return create_set(self, name, *args, **kw)
create_set = models.CloudFormationBackend.create_stack_set
models.CloudFormationBackend.create_stack_set = create_stack_set


def update(self, *args, operation_id, **kw):
    if operation_id and any(o["OperationId"] == operation_id for o in self.operations):
        raise OperationIdAlreadyExists(f"Operation {operation_id} already exists")
    return updated(self, *args, operation_id=operation_id, **kw)
updated = models.StackSet.update
models.StackSet.update = update
