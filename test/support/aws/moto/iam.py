"""Roles of stacks, where moto 5.2.5 leaves out what an update does: another name or path is another role, and policies and
who may take a role on change with their properties.

Source: AWS CloudFormation User Guide, AWS::IAM::Role ("Update requires")."""

import json

import cloudformation
from moto.iam import models


def update(cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name):
    properties = cloudformation_json["Properties"]
    name = properties.get("RoleName", original_resource.name)
    if name != original_resource.name or properties.get("Path", "/") != original_resource.path:
        made = cls.create_from_cloudformation_json(new_resource_name, cloudformation_json, account_id, region_name)
        cloudformation.now.replaced_ones.append(("AWS::IAM::Role", original_resource))
        return made
    role = updated(original_resource, new_resource_name, cloudformation_json, account_id, region_name)
    trust = properties["AssumeRolePolicyDocument"]
    role.assume_role_policy_document = trust if isinstance(trust, str) else json.dumps(trust, default=str)
    for policy in list(role.policies):
        role.delete_policy(policy)
    for policy in properties.get("Policies", []):
        role.put_policy(policy["PolicyName"], policy["PolicyDocument"])
    return role


updated = models.Role.update_from_cloudformation_json
models.Role.update_from_cloudformation_json = classmethod(update)
