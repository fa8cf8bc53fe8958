import { type Descriptions, under } from "../description.ts";

const subnet: Descriptions = {
  id: "The id of a subnet that exists, in a network that exists.",
  cidr: { about: "The addresses of a subnet that is made, in a network that is made.", examples: ["10.0.0.0/24"] },
  az: { about: "The availability zone. Without it: the first ones of the region.", examples: ["eu-west-1a"] },
};

const securityGroupRule: Descriptions = {
  ip_protocol: { about: "tcp, udp, icmp, the number of a protocol, or -1 for all of them.", examples: ["tcp"] },
  ports: { about: "A port, a range of ports, or -1 for all of them.", examples: [80, "8000-9000"] },
  cidr: { about: "The addresses that this is about.", examples: ["10.0.0.0/8"] },
};

const deprecatedSecurityGroups: Descriptions = {
  "": { about: "The older form of `ingress`.", deprecated: true },
  ingress: "The older form of `ingress`.",
  "ingress.from_vpc": "Write `ingress.vpc` of the private load balancer.",
  "ingress.restrict_to": "Write `ingress` of the public load balancer.",
  "ingress.restrict_to.cdn": "Write `ingress.cdn` of the public load balancer.",
  "ingress.restrict_to.source_ips": "Write `ingress.source_ips` of the public load balancer.",
};

const listeners: Descriptions = {
  certificates:
    "The ARNs of certificates for the names of the services. With a domain of the application, they are made instead.",
  ssl_policy: {
    about: "Which versions and ciphers of TLS are spoken: a policy of Elastic Load Balancing.",
    examples: ["ELBSecurityPolicy-TLS13-1-2-2021-06"],
  },
  ...under("security_groups", deprecatedSecurityGroups),
};

/** `copilot/environments/NAME/manifest.yml`. */
export const environmentManifest: Descriptions = {
  name: "The environment's name, which is that of the manifest's folder.",
  type: "Environment.",
  network: "The network that services of the environment share.",
  "network.vpc": "The VPC: one that is made, or one that exists.",
  "network.vpc.id": "The id of a VPC that exists. Its `subnets` are named by their ids.",
  "network.vpc.cidr": {
    about: "The addresses of the VPC that is made, from /16 to /28. It needs `subnets`.",
    default: "10.0.0.0/16",
  },
  "network.vpc.subnets": "Two or more subnets of a kind.",
  "network.vpc.subnets.public": "Subnets that are reached from the internet.",
  ...under("network.vpc.subnets.public", subnet),
  "network.vpc.subnets.private": "Subnets that are not. As many as public ones, when they are made.",
  ...under("network.vpc.subnets.private", subnet),
  "network.vpc.security_group":
    "What the security group of all services lets in and out, beside what they say to each other.",
  "network.vpc.security_group.ingress": "What may come in.",
  ...under("network.vpc.security_group.ingress", securityGroupRule),
  "network.vpc.security_group.egress": "What may go out.",
  ...under("network.vpc.security_group.egress", securityGroupRule),
  "network.vpc.flow_logs": {
    about: "Whether the VPC's traffic is written down: `true`, or more about it.",
    default: false,
  },
  "network.vpc.flow_logs.retention": { about: "For how many days these logs are kept.", default: 14 },
  cdn: {
    about: "Whether CloudFront stands before the public load balancer: `true`, or more about it.",
    default: false,
  },
  "cdn.certificate":
    "The ARN of a certificate in us-east-1 for the names of the services. Needed when `http.public` has certificates.",
  "cdn.terminate_tls": { about: "Whether CloudFront speaks HTTP to the load balancer.", default: false },
  "cdn.static_assets": "A bucket whose files are served beside the services.",
  "cdn.static_assets.alias": "The name that the files are reached by.",
  "cdn.static_assets.location": {
    about: "The bucket's address.",
    examples: ["assets.s3.us-west-2.amazonaws.com"],
  },
  "cdn.static_assets.path": { about: "The paths that lead to the files.", examples: ["static/*"] },
  http: "The load balancers that services share.",
  "http.public": "The load balancer of Load Balanced Web Services.",
  ...under("http.public", listeners),
  "http.public.access_logs": {
    about: "Whether requests are written down: `true` makes a bucket for it, a map names one.",
    default: false,
  },
  "http.public.access_logs.bucket_name": "A bucket that exists. Without it, one is made.",
  "http.public.access_logs.prefix": "What the names of the files begin with.",
  "http.public.ingress": "Who may reach it. Without it: everybody.",
  "http.public.ingress.cdn": { about: "CloudFront. It needs `cdn`.", default: false },
  "http.public.ingress.source_ips": "Ranges of addresses.",
  "http.private": "The internal load balancer, of Backend Services with `http`.",
  ...under("http.private", listeners),
  "http.private.subnets":
    "The ids of the subnets that it stands in, of those of a VPC that exists. Without it: the private ones.",
  "http.private.ingress": "Who may reach it, beside the environment's own services.",
  "http.private.ingress.vpc": { about: "Everybody in the VPC, and in what is connected with it.", default: false },
  "http.private.ingress.from_vpc": { about: "The older spelling of `vpc`.", deprecated: true },
  observability: "What can be seen of the environment.",
  "observability.container_insights": {
    about: "Whether there are metrics of each service, task and container in CloudWatch.",
    default: false,
  },
};
