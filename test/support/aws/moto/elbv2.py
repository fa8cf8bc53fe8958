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
