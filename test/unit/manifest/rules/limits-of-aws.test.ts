import { expect, test } from "vitest";
import { validate } from "../../../support/validate-changes.ts";

test("secrets stand where ECS finds them", () => {
  expect(
    validate([
      "secrets: {A: /copilot/x, B: name.of_a-parameter, C: {secretsmanager: 'a/b'}, D: {secretsmanager: 'a:key::'}}",
      "secrets: {A: 'arn:aws:ssm:us-east-1:123456789012:parameter/x'}",
      "secrets: {A: 'arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:x-abc123:key::'}",
      "secrets: {A: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:x-abc123:key'}",
      "secrets: {A: 'arn:aws:s3:::bucket'}",
      "secrets: {A: 'a b'}",
      "secrets: {A: 'shop/doppler:TOKEN::'}",
      `secrets: {A: "'arn:aws:secretsmanager:us-east-1:123456789012:secret:x-abc123:key::'", B: "'/shop/b'"}`,
      "secrets: {A: {secretsmanager: ''}}",
      "secrets: {A: {secretsmanager: ':key::'}}",
      "secrets: {A: {secretsmanager: 'a:b:c:d:e'}}",
      "sidecars: {s: {image: n, secrets: {A: {secretsmanager: 'a:b:AWSCURRENT:0a1b'}}}}",
      "logging: {secretOptions: {A: {secretsmanager: 'a:b'}}}",
    ]),
  ).toMatchInlineSnapshot(`
    "secrets: {A: /copilot/x, B: name.of_a-parameter, C: {secretsmanager: 'a/b'}, D: {secretsmanager: 'a:key::'}}
      good
    secrets: {A: 'arn:aws:ssm:us-east-1:123456789012:parameter/x'}
      good
    secrets: {A: 'arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:x-abc123:key::'}
      good
    secrets: {A: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:x-abc123:key'}
      1:14 warning ECS wants all three colons once there is one (secrets/form)
          write \`arn:aws:secretsmanager:us-east-1:123456789012:secret:x-abc123:key::\`
    secrets: {A: 'arn:aws:s3:::bucket'}
      1:14 error \`arn:aws:s3:::bucket\` is the ARN of neither a parameter nor a secret (secrets/form)
          such as arn:aws:ssm:REGION:ACCOUNT:parameter/NAME or arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME
    secrets: {A: 'a b'}
      1:14 error \`a b\` is no name of a parameter: letters, digits and . - _ / only (secrets/form)
          a secret of Secrets Manager is written \`{ secretsmanager: NAME }\`
    secrets: {A: 'shop/doppler:TOKEN::'}
      1:14 error \`shop/doppler:TOKEN::\` is no name of a parameter: letters, digits and . - _ / only (secrets/form)
          a secret of Secrets Manager is written \`{ secretsmanager: "shop/doppler:TOKEN::" }\`
    secrets: {A: "'arn:aws:secretsmanager:us-east-1:123456789012:secret:x-abc123:key::'", B: "'/shop/b'"}
      good
    secrets: {A: {secretsmanager: ''}}
      1:31 error \`secrets.A.secretsmanager\` must not be empty (schema/value)
    secrets: {A: {secretsmanager: ':key::'}}
      1:31 error the secret has no name before its colons (secrets/form)
    secrets: {A: {secretsmanager: 'a:b:c:d:e'}}
      1:31 error a secret's name is followed by a key, a stage and a version, and by nothing more (secrets/form)
          write \`name:key:stage:version\`, each of the last three may be empty
    sidecars: {s: {image: n, secrets: {A: {secretsmanager: 'a:b:AWSCURRENT:0a1b'}}}}
      1:56 error a secret is named by its stage or by its version, not by both (secrets/form)
          write \`a:b:AWSCURRENT:\`
    logging: {secretOptions: {A: {secretsmanager: 'a:b'}}}
      1:47 warning ECS wants all three colons once there is one (secrets/form)
          write \`a:b::\`"
  `);
});

test("what a rule of a load balancer takes", () => {
  expect(
    validate([
      "http: {path: '/a b'}",
      `http: {path: ${"/x".repeat(70)}}`,
      "http: {path: '/*/*/*'}",
      "http: {path: /, alias: '*.example.com'}",
      "http: {path: /, alias: 'https://www.example.com/shop'}",
      "http: {path: /, alias: [{name: 'a b'}]}",
      "http: {path: /, alias: 'a.example.com, b.example.com'}",
      "http: {path: /, allowed_source_ips: 10.0.0.0/8}",
      "http: {path: /a, additional_rules: [{path: a}]}",
    ]),
  ).toMatchInlineSnapshot(`
    "http: {path: '/a b'}
      1:14 error \`http.path\` must be a path, and \`/a b\` has a blank in it (schema/value)
    http: {path: /x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x...
      1:14 error \`http.path\` must not be longer than 125 characters, and has 140 (schema/value)
    http: {path: '/*/*/*'}
      1:14 warning a rule of the load balancer takes 6 wildcards, and this one needs 7 (http/wildcards)
          the path stands in the rule twice, alone and with \`/*\` at its end
    http: {path: /, alias: '*.example.com'}
      good
    http: {path: /, alias: 'https://www.example.com/shop'}
      1:24 error \`http.alias\` must be a name such as www.example.com, not \`https://www.example.com/shop\` (schema/value)
          write \`www.example.com\`
    http: {path: /, alias: [{name: 'a b'}]}
      1:32 error \`http.alias[0].name\` must be a name such as www.example.com, not \`a b\` (schema/value)
    http: {path: /, alias: 'a.example.com, b.example.com'}
      1:24 error \`http.alias\` must be a name such as www.example.com, not \`a.example.com, b.example.com\` (schema/value)
          several names are a list: \`[a.example.com, b.example.com]\`
    http: {path: /, allowed_source_ips: 10.0.0.0/8}
      1:37 error \`http.allowed_source_ips\` must be a list, not \`10.0.0.0/8\` (schema/type)
          write \`["10.0.0.0/8"]\`
    http: {path: /a, additional_rules: [{path: a}]}
      1:44 error the path \`/a\` is that of \`http\` too, for the same names and addresses (http/same-rule)
          only the first of two such rules is ever reached: take this one away, or give it another path"
  `);
});

test("the limits of a network configuration", () => {
  expect(
    validate([
      "network: {vpc: {placement: {subnets: []}}}",
      "network: {vpc: {placement: {subnets: {from_tags: {}}}}}",
      `network: {vpc: {placement: {subnets: [${"s,".repeat(16)} s]}}}`,
      "network: {vpc: {security_groups: [a, b, c, d]}}",
      "network: {vpc: {security_groups: [a, b, c, d, e]}}",
      "network: {vpc: {security_groups: {deny_default: true, groups: [a, b, c, d, e]}}}",
    ]),
  ).toMatchInlineSnapshot(`
    "network: {vpc: {placement: {subnets: []}}}
      1:29 error \`subnets\` names no subnet (network/limits)
          name one or more: \`subnets: [subnet-0123456789abcdef0]\`
    network: {vpc: {placement: {subnets: {from_tags: {}}}}}
      1:39 error \`from_tags\` names no tag (network/limits)
          write the tags that the subnets have: \`from_tags: { Tier: private }\`
    network: {vpc: {placement: {subnets: [s,s,s,s,s,s,s,s,s,s,s,s,s,s,s,s, s]}}}
      1:29 error a service takes 16 subnets at most, not 17 (network/limits)
    network: {vpc: {security_groups: [a, b, c, d]}}
      good
    network: {vpc: {security_groups: [a, b, c, d, e]}}
      1:17 error a service takes 5 security groups at most, not 6 with that of the environment (network/limits)
    network: {vpc: {security_groups: {deny_default: true, groups: [a, b, c, d, e]}}}
      good"
  `);
});

test("volumes, images and topics", () => {
  expect(
    validate([
      "storage: {volumes: {v: {path: /x}, w: {path: /x/}}}",
      "storage: {volumes: {v: {path: /x, efs: {id: fs-1, root_dir: 'a b'}}}}",
      "image: {location: 'a b', port: 80}",
      "image: {location: 'https://example.com/image', port: 80}",
      "sidecars: {s: {image: 'a b'}}",
      "image: {location: n, healthcheck: {command: curl localhost}}",
      `publish: {topics: [{name: ${"a".repeat(257)}}]}`,
    ]),
  ).toMatchInlineSnapshot(`
    "storage: {volumes: {v: {path: /x}, w: {path: /x/}}}
      1:46 error the volume \`v\` appears at \`/x/\` already (storage/volumes)
    storage: {volumes: {v: {path: /x, efs: {id: fs-1, root_dir: 'a b'}}}}
      1:61 error \`storage.volumes.v.efs.root_dir\` may hold letters, digits and . - _ / only, not \`a b\` (schema/value)
    image: {location: 'a b', port: 80}
      1:19 error \`image.location\` must be the name of an image, and \`a b\` has a blank in it (schema/value)
    image: {location: 'https://example.com/image', port: 80}
      1:19 error \`image.location\` must be the name of an image, not an address: \`https://example.com/image\` (schema/value)
          leave out \`https://\`
    sidecars: {s: {image: 'a b'}}
      1:23 error \`sidecars.s.image\` must be the name of an image, and \`a b\` has a blank in it (schema/value)
    image: {location: n, healthcheck: {command: curl localhost}}
      1:1 error \`http\` needs \`image.port\`, the port that requests are sent to (http/port)
          add \`port: 8080\` under \`image\`
      1:45 error \`image.healthcheck.command\` must be a list, not \`curl localhost\` (schema/type)
          write \`["CMD-SHELL", "curl -f http://localhost/ || exit 1"]\`
    publish: {topics: [{name: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...
      1:27 error \`publish.topics[0].name\` must not be longer than 256 characters (schema/value)"
  `);
});

test("an override may not make a task that Fargate does not take", () => {
  const override = (path: string, value: string) => `taskdef_overrides: [{path: '${path}', value: ${value}}]`;
  expect(
    validate([
      override("Cpu", "512"),
      override("Memory", "1024"),
      override("NetworkMode", "host"),
      override("IpcMode", "task"),
      override("ContainerDefinitions[0].Privileged", "true"),
      override("ContainerDefinitions[0].StopTimeout", "121"),
      override("ContainerDefinitions[0].Essential", "false"),
      override("ContainerDefinitions", "[]"),
      override("ContainerDefinitions.Foo", "1"),
      override("Cpu[0]", "1"),
      override("Cpu.Units", "1"),
      override("family", "x"),
      override("ContainerDefinitions[0]..Foo", "1"),
      override("ContainerDefinitions[0].Ulimits[-].Name", "nofile"),
      override("ContainerDefinitions[0].__proto__.Name", "x"),
      override("ContainerDefinitions[0].DockerLabels", "{ __proto__: x, constructor: y }"),
    ]),
  ).toMatchInlineSnapshot(`
    "taskdef_overrides: [{path: 'Cpu', value: 512}]
      1:28 error Fargate has no size with 512 CPU units and 512 MiB (taskdef-overrides/fargate)
          \`cpu\` and \`memory\` of the manifest say the same, and are checked
    taskdef_overrides: [{path: 'Memory', value: 1024}]
      good
    taskdef_overrides: [{path: 'NetworkMode', value: host}]
      1:28 error Fargate has no network mode but awsvpc, not host (taskdef-overrides/fargate)
          take the override away
    taskdef_overrides: [{path: 'IpcMode', value: task}]
      1:28 error Fargate does not take \`ipcMode\` (taskdef-overrides/fargate)
          take the override away
    taskdef_overrides: [{path: 'ContainerDefinitions[0].Privileged', value: true}]
      1:28 error Fargate does not take \`privileged\` (taskdef-overrides/fargate)
          take the override away
    taskdef_overrides: [{path: 'ContainerDefinitions[0].StopTimeout', value: 121}]
      1:28 error \`stopTimeout\` must be between 2 and 120 seconds on Fargate, not 121 (taskdef-overrides/fargate)
          write a whole number of seconds
    taskdef_overrides: [{path: 'ContainerDefinitions[0].Essential', value: false}]
      1:28 error no container of the task is essential, and ECS wants one (taskdef-overrides/fargate)
          leave the main container essential
    taskdef_overrides: [{path: 'ContainerDefinitions', value: []}]
      1:28 error no container of the task is essential, and ECS wants one (taskdef-overrides/fargate)
          leave the main container essential
    taskdef_overrides: [{path: 'ContainerDefinitions.Foo', value: 1}]
      1:28 error \`ContainerDefinitions\` is a list: write \`ContainerDefinitions[0]\` (taskdef-overrides/path)
          such as \`ContainerDefinitions[0].Ulimits[-].Name\`; [-] adds an element
    taskdef_overrides: [{path: 'Cpu[0]', value: 1}]
      1:28 error \`Cpu[0]\` is no list (taskdef-overrides/path)
          such as \`ContainerDefinitions[0].Ulimits[-].Name\`; [-] adds an element
    taskdef_overrides: [{path: 'Cpu.Units', value: 1}]
      1:28 error \`Cpu\` holds no others (taskdef-overrides/path)
          such as \`ContainerDefinitions[0].Ulimits[-].Name\`; [-] adds an element
    taskdef_overrides: [{path: 'family', value: x}]
      1:28 error \`taskdef_overrides[0].path\` must not be \`family\`: other things are named after it (schema/value)
    taskdef_overrides: [{path: 'ContainerDefinitions[0]..Foo', value: 1}]
      1:28 error \`taskdef_overrides[0].path\` has an empty part, which is no property, property[0] or property[-] (schema/value)
          such as \`ContainerDefinitions[0].Ulimits[-].Name\`; [-] adds an element
    taskdef_overrides: [{path: 'ContainerDefinitions[0].Ulimits[-].Name', value: nofile}]
      good
    taskdef_overrides: [{path: 'ContainerDefinitions[0].__proto__.Name', value: x}]
      1:28 error \`taskdef_overrides[0].path\` has the part \`__proto__\`, which is no property, property[0] or property[-] (schema/value)
          such as \`ContainerDefinitions[0].Ulimits[-].Name\`; [-] adds an element
    taskdef_overrides: [{path: 'ContainerDefinitions[0].DockerLabels', value: { __proto__: x, constructor: y }}]
      good"
  `);
});

test("keys of other types and other places", () => {
  expect(
    validate([
      "subscribe: {topics: []}",
      "schedule: '@daily'",
      "deployment: {rollback_alarms: {messages_delayed: 5}}",
      "sidecars: {s: {image: n, credentials: x}}",
      "nlb: {port: 80}",
    ]),
  ).toMatchInlineSnapshot(`
    "subscribe: {topics: []}
      1:1 warning unknown key \`subscribe\`; it has no effect (schema/unknown-key)
          only a Worker Service has \`subscribe\`
    schedule: '@daily'
      1:1 warning unknown key \`schedule\`; it has no effect (schema/unknown-key)
          only a Scheduled Job has a schedule, under \`on\`
    deployment: {rollback_alarms: {messages_delayed: 5}}
      1:14 error \`rollback_alarms\` names no alarm (deployment/alarms)
          write \`cpu_utilization: 80\`, or a list with the names of alarms
      1:32 error a Backend Service does not have \`deployment.rollback_alarms.messages_delayed\` (schema/other-type)
          only a Worker Service has a queue; use cpu_utilization, memory_utilization or a list with the names of alarms
    sidecars: {s: {image: n, credentials: x}}
      1:26 warning unknown key \`credentials\` in \`sidecars.s\`; it has no effect (schema/unknown-key)
          write \`credentialsParameter\`
    nlb: {port: 80}
      1:1 warning unknown key \`nlb\`; it has no effect (schema/unknown-key)
          only a Load Balanced Web Service has \`nlb\`"
  `);
});
