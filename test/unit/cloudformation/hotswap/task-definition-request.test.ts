import type { RegisterTaskDefinitionCommandInput } from "@aws-sdk/client-ecs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fromPlan, type References } from "../../../../src/cloudformation/from-plan.ts";
import { learnedValues, stillOpen, withLearned } from "../../../../src/cloudformation/hotswap/learned-values.ts";
import { taskDefinitionRequest } from "../../../../src/cloudformation/hotswap/task-definition-request.ts";
import { readTemplate } from "../../../../src/cloudformation/read-template.ts";
import { valuesOf } from "../../../../src/cloudformation/update/resolve.ts";

/** A request with most of what ECS's API takes; the types are the API's own. */
const request: RegisterTaskDefinitionCommandInput = {
  family: "shop-test-api",
  cpu: "256",
  memory: "512",
  networkMode: "awsvpc",
  requiresCompatibilities: ["FARGATE"],
  executionRoleArn: "arn:aws:iam::123456789012:role/execution",
  ephemeralStorage: { sizeInGiB: 30 },
  runtimePlatform: { cpuArchitecture: "ARM64", operatingSystemFamily: "LINUX" },
  enableFaultInjection: false,
  volumes: [
    {
      name: "files",
      efsVolumeConfiguration: {
        fileSystemId: "fs-1",
        rootDirectory: "/",
        transitEncryption: "ENABLED",
        transitEncryptionPort: 2049,
        authorizationConfig: { iam: "ENABLED", accessPointId: "fsap-1" },
      },
    },
    { name: "scratch", host: { sourcePath: "/tmp" } },
    {
      name: "shared",
      dockerVolumeConfiguration: {
        autoprovision: true,
        driverOpts: { Size: "1", type: "nfs" },
        labels: { Team: "sales" },
      },
    },
  ],
  containerDefinitions: [
    {
      name: "api",
      image: "shop/api:1",
      cpu: 128,
      memory: 256,
      memoryReservation: 128,
      essential: true,
      readonlyRootFilesystem: true,
      user: "1000:1000",
      command: ["8080", "true"],
      entryPoint: ["/bin/sh", "-c"],
      environment: [
        { name: "PORT", value: "8080" },
        { name: "DEBUG", value: "true" },
      ],
      environmentFiles: [{ type: "s3", value: "arn:aws:s3:::bucket/api.env" }],
      secrets: [{ name: "KEY", valueFrom: "/copilot/key" }],
      portMappings: [{ containerPort: 8080, hostPort: 8080, protocol: "tcp", name: "http", appProtocol: "http" }],
      mountPoints: [{ sourceVolume: "files", containerPath: "/files", readOnly: false }],
      dependsOn: [{ containerName: "envoy", condition: "HEALTHY" }],
      dockerLabels: { Essential: "true", "com.example.port": "80" },
      healthCheck: { command: ["CMD-SHELL", "true"], interval: 10, timeout: 5, retries: 2, startPeriod: 0 },
      linuxParameters: {
        initProcessEnabled: true,
        sharedMemorySize: 64,
        capabilities: { add: ["SYS_PTRACE"] },
        tmpfs: [{ containerPath: "/run", size: 64, mountOptions: ["noexec"] }],
      },
      logConfiguration: {
        logDriver: "awsfirelens",
        options: { Name: "cloudwatch", "log-driver-buffer-limit": "2097152" },
        secretOptions: [{ name: "apikey", valueFrom: "/copilot/apikey" }],
      },
      restartPolicy: { enabled: true, ignoredExitCodes: [0, 143], restartAttemptPeriod: 60 },
      resourceRequirements: [{ type: "GPU", value: "1" }],
      systemControls: [{ namespace: "net.core.somaxconn", value: "1024" }],
      ulimits: [{ name: "nofile", softLimit: 1024, hardLimit: 4096 }],
      startTimeout: 120,
      stopTimeout: 30,
      firelensConfiguration: { type: "fluentbit", options: { "enable-ecs-log-metadata": "true" } },
      repositoryCredentials: { credentialsParameter: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:hub" },
    },
  ],
};

const template = readTemplate("Resources: { LogGroup: { Type: AWS::Logs::LogGroup } }");

/** As it stands in a template, with texts for numbers and truths. */
function inTemplate(value: unknown) {
  return valuesOf(template, {}).of(fromPlan(value, {} as References));
}

test("what ECS's API takes comes back the same from a template", () => {
  expect(taskDefinitionRequest(inTemplate(request))).toEqual(request);
});

test("whatever a template leaves open is learned from what it has become, in whatever order that stands", () => {
  const word = fc.stringMatching(/^[A-Z]{1,6}$/);
  const given = fc.record({
    environment: fc.uniqueArray(fc.record({ name: word, value: fc.string() }), { selector: ({ name }) => name }),
    options: fc.dictionary(word, fc.string({ minLength: 1 })),
  });
  fc.assert(
    fc.property(given, fc.infiniteStream(fc.boolean()), ({ environment, options }, coins) => {
      let number = 0;
      const open = (value: string) =>
        coins.next().value === true ? { "Fn::GetAtt": ["Other", `A${number++}`] } : value;
      const deployed = {
        containerDefinitions: [{ name: "api", environment: environment.toReversed(), logConfiguration: { options } }],
      };
      const Properties = {
        ContainerDefinitions: [
          {
            Name: "api",
            Environment: environment.map(({ name, value }) => ({ Name: name, Value: open(value) })),
            LogConfiguration: {
              Options: Object.fromEntries(Object.entries(options).map(([key, value]) => [key, open(value)])),
            },
          },
        ],
      };
      const before = valuesOf(template, {}).of(Properties);
      const known = withLearned(before, learnedValues(before, deployed));
      expect(stillOpen(known)).toEqual([]);
      const [main] = taskDefinitionRequest(known)["containerDefinitions"] as typeof deployed.containerDefinitions;
      expect(main).toEqual({ name: "api", environment, logConfiguration: { options } });
    }),
  );
});
