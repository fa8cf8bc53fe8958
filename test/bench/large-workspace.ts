import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Writes a workspace of so many services: the samples, which set every field, among plain ones as people have them, with
 *  comments, overlays, sidecars and files. */
export function writeLargeWorkspace(root: string, services: number, project: string): void {
  const sample = (path: string) => readFileSync(join(project, "manifests", path), "utf8");
  const quotes = sample("backend-service/copilot/quotes/manifest.yml");
  write(root, "copilot/.workspace", "application: shop\n");
  for (const env of ["test", "prod"])
    write(root, `copilot/environments/${env}/manifest.yml`, `name: ${env}\ntype: Environment\n`);
  for (let i = 0; i < services; i += 1) {
    const name = `svc-${i}`;
    const everyField = quotes.replaceAll("quotes", name).replace(`${name}.env`, `${name}/quotes.env`);
    const manifest = i % 4 === 0 ? everyField : i % 4 === 1 ? web(name) : backend(name);
    write(root, `copilot/${name}/manifest.yml`, manifest);
    write(root, `${name}/Dockerfile`, "FROM scratch\n");
    write(root, `${name}/quotes.env`, "# for the program\nCURRENCY=EUR\n");
  }
}

function write(root: string, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const backend = (name: string) => `# The manifest for the "${name}" service.
# Read the full specification for the "Backend Service" type in its documentation.

# Your service name will be used in naming your resources like log groups, ECS services, etc.
name: ${name}
type: Backend Service

# Configuration for your containers and service.
image:
  build: ${name}/Dockerfile
  port: 8080

cpu: 256       # Number of CPU units for the task.
memory: 512    # Amount of memory in MiB used by the task.
platform: linux/x86_64
count: 1       # Number of tasks that should be running in your service.
exec: true     # Enable running commands in your container.
network:
  connect: true # Enable Service Connect for intra-environment traffic between services.

variables:
  LOG_LEVEL: info
  QUEUE: \${COPILOT_ENVIRONMENT_NAME}-jobs
secrets:
  TOKEN: /copilot/shop/test/secrets/TOKEN

environments:
  test:
    variables:
      LOG_LEVEL: debug
  prod:
    count:
      range: 2-10
      cpu_percentage: 70
    cpu: 512
    memory: 1024
`;

const web = (name: string) => `name: ${name}
type: Load Balanced Web Service
http:
  path: '${name}'
  healthcheck:
    path: /healthz
    success_codes: '200,301'
    interval: 15s
    timeout: 10s
image:
  build:
    dockerfile: ${name}/Dockerfile
    context: ${name}
    args: { VERSION: "1" }
  port: 3000
cpu: 256
memory: 512
count: 2
sidecars:
  nginx:
    image: public.ecr.aws/nginx/nginx:1.27
    port: 80
    variables: { UPSTREAM: localhost:3000 }
  envoy:
    image: envoyproxy/envoy:v1.31.0
    essential: false
storage:
  volumes:
    data:
      path: /data
      efs: true
environments:
  prod:
    count: 4
    http:
      alias: ${name}.example.com
`;
