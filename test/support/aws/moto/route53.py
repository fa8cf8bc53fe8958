"""Hosted zones that stacks make, where moto 5.2.5 has them differently."""
from moto.route53 import models
from moto.utilities.utils import get_partition

# A zone's name ends in a dot, also when a template gives it without one.
create = models.Route53Backend.create_hosted_zone
def create_hosted_zone(self, name, private_zone, *args, **kwargs):
    return create(self, name if name.endswith(".") else name + ".", private_zone, *args, **kwargs)
models.Route53Backend.create_hosted_zone = create_hosted_zone

# With VPCs it is private.
def create_zone(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
    properties = cloudformation_json["Properties"]
    backend = models.route53_backends[account_id][get_partition(region_name)]
    return backend.create_hosted_zone(properties["Name"], private_zone=bool(properties.get("VPCs")))
models.FakeZone.create_from_cloudformation_json = classmethod(create_zone)

def attribute(self, name):
    return self.delegation_set.name_servers if name == "NameServers" else self.resource_id
models.FakeZone.get_cfn_attribute = attribute
models.FakeZone.has_cfn_attr = classmethod(lambda cls, name: name in ("NameServers", "Id"))

# It goes with its stack, but not while records are in it.
def delete(self, account_id, region_name):
    backend = models.route53_backends[account_id][get_partition(region_name)]
    left = [each for each in self.rrsets if not (each.type in ("NS", "SOA") and each.name == self.name)]
    if left:
        raise Exception(f"The specified hosted zone contains non-required resource record sets and so cannot be deleted: {left[0].name}")
    backend.zones.pop(self.resource_id, None)
models.FakeZone.delete = delete
