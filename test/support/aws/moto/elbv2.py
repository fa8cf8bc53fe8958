"""Load balancers of stacks where moto 5.2.5 leaves attributes out."""

from moto.elbv2 import models

answers = models.FakeLoadBalancer.get_cfn_attribute


def get_cfn_attribute(self, attribute):
    if attribute == "LoadBalancerFullName":
        return self.arn.split(":loadbalancer/")[1]
    if attribute == "CanonicalHostedZoneID":
        return self.canonical_hosted_zone_id
    return answers(self, attribute)


models.FakeLoadBalancer.get_cfn_attribute = get_cfn_attribute
models.FakeLoadBalancer.has_cfn_attr = classmethod(lambda cls, attribute: True)


create = models.FakeLoadBalancer.create_from_cloudformation_json.__func__


def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **kw):
    """moto makes an application load balancer of every one."""
    p = cloudformation_json["Properties"]
    if p.get("Type") != "network":
        return create(cls, resource_name, cloudformation_json, account_id, region_name, **kw)
    return models.elbv2_backends[account_id][region_name].create_load_balancer(
        resource_name,
        p.get("SecurityGroups") or [],
        p.get("Subnets"),
        scheme=p.get("Scheme", "internet-facing"),
        loadbalancer_type="network",
    )


models.FakeLoadBalancer.create_from_cloudformation_json = classmethod(create_from_cloudformation_json)


# moto leaves these when their stack goes.
def goes_with_its_stack(kind, delete):
    def gone(self, account_id, region_name):
        try:
            delete(models.elbv2_backends[account_id][region_name], self.arn)
        except (models.ListenerNotFoundError, models.TargetGroupNotFoundError):
            pass  # with its load balancer

    kind.delete = gone


goes_with_its_stack(models.FakeListenerRule, models.ELBv2Backend.delete_rule)
goes_with_its_stack(models.FakeListener, models.ELBv2Backend.delete_listener)
goes_with_its_stack(models.FakeTargetGroup, models.ELBv2Backend.delete_target_group)
