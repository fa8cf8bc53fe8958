import { describe, expect, test } from "vitest";
import { commandTable } from "../../src/cli/command-table.ts";
import { commandHelp, readInput } from "../../src/cli/command.ts";
import { copilotFlags } from "../../src/cli/copilot-commands.ts";
import { flagInfo } from "../../src/cli/flags.ts";
import { laterCommands } from "../../src/cli/find-command.ts";
import { FakeHost, run } from "../support/fake-host.ts";
import { FakeProvider } from "../support/fake-provider.ts";
import { demoWorkspace } from "./workspaces.ts";

const say = async (...argv: string[]): Promise<string> => run(argv, new FakeHost({ cwd: await demoWorkspace() }));

test("without a command the program shows what there is", async () => {
  expect(await say()).toMatchInlineSnapshot(`
    "stdout:
    Usage: pilotfish COMMAND [flags]

    Deploys containers to Amazon ECS from Copilot-style manifests, and runs them on your own machine as
    ECS would.

    Options:
      -h, --help         Print this help.
      -v, --version      Print the version.
      --no-color         Print without colours.
      --debug            Show the stack of an unexpected error.

    Commands:
      init               Makes the folder an application with a first service, and offers to deploy it.
      app init           Makes an application on AWS, and the folder its workspace.
      app ls             Lists the applications of this folder, of this machine and of the AWS account.
      app show           Shows an application: its environments, its services and where they are
                         deployed.
      app package        Prints the CloudFormation templates of an application.
      app adopt          Takes over an application that Copilot made, stack by stack, with nothing lost.
      app delete         Removes an application's services and environments, on this machine and on AWS;
                         manifests stay.
      app upgrade        Brings the stacks of an application on AWS to the templates of this version.
      env init           Creates an environment on AWS, or with --local a simulated one on this machine.
      env deploy         Brings an environment on AWS to what its manifest says.
      env ls             Lists the environments of an application.
      env show           Shows an environment and what is deployed in it.
      env package        Prints the CloudFormation template of an environment.
      env delete         Removes an environment in which nothing is deployed.
      deploy             Deploys the services of the application, one after the other.
      svc init           Adds a service to the application.
      svc deploy         Builds a service's image and deploys it.
      svc status         Shows the deployments, tasks and health of a deployed service.
      svc history        Lists what was deployed of a service, by whom, and how it ended.
      svc rollback       Deploys a former revision of a service again, without building anything.
      svc logs           Prints the logs of a deployed service.
      svc ls             Lists the services of the application, and where they are deployed.
      svc show           Shows a service in each environment: addresses, size, variables, secrets by
                         name.
      svc exec           Runs a command in a container of a running task, or opens a shell there.
      svc taskdef        Prints the task definition that a deploy would register.
      svc package        Prints the CloudFormation template of a service.
      svc pause          Pauses a service that runs on App Runner: it answers nothing until it is
                         resumed.
      svc resume         Resumes a paused service on App Runner.
      svc delete         Removes a deployed service; its manifest stays.
      job init           Adds a job to the application.
      job deploy         Builds a job's image and deploys it.
      job run            Runs a job now, whatever its schedule says.
      job status         Shows the last runs of a deployed job, and how they ended.
      job logs           Prints the logs of a job's last runs.
      job ls             Lists the jobs of the application, and where they are deployed.
      job show           Shows a job in each environment: size, variables, secrets by name.
      job history        Lists what was deployed of a job, by whom, and how it ended.
      job package        Prints the CloudFormation template of a job.
      job delete         Removes a deployed job; its manifest stays.
      pipeline init      Writes a pipeline: for CodePipeline, or as a workflow of GitHub Actions.
      pipeline package   Prints the CloudFormation template of a pipeline.
      pipeline deploy    Creates or updates a pipeline on AWS; also as pipeline update.
      pipeline ls        Lists the pipelines of the application.
      pipeline show      Shows what a deployed pipeline consists of.
      pipeline status    Shows how the stages of a deployed pipeline have come along.
      pipeline delete    Removes a pipeline from AWS; its files stay.
      task run           Runs one-off tasks: of an image that is there, or of one that is built first.
      task exec          Runs a command in the container of a one-off task, or opens a shell there.
      task delete        Stops the tasks of a group, and removes it with its image.
      secret init        Creates a secret in the environments of the application.
      validate           Checks all manifests of the application.
      verify             Looks for what a deploy would fail for: roles, images, secrets, subnets,
                         quotas.
      continue-rollback  Goes on with the rollback of a stack on AWS that CloudFormation has given up.
      unlock             Frees a lock that a deployment to AWS has left, or lists those that are held.
      local start        Starts the simulator on this machine, or sets its speed.
      local status       Shows whether the simulator runs, and what runs in it.
      local stop         Stops the simulator; its services come back with the next start.
      local reset        Removes everything that the simulator holds.
      local put          Gives the simulator a secret, a parameter or an export; the value comes from
                         stdin or a prompt.
      local values       Lists the secrets, parameters and exports of the simulator; never what is in
                         them.
      local delete       Removes a secret, a parameter or an export from the simulator.
      completion         Prints a script that makes a shell complete commands, flags and names.
      docs               Prints the annotated manifest of a type, or lists the types.
      version            Prints the version.

    Not in this version:
      env            override
      job            override
      pipeline       override
      run            local
      storage        init
      svc            override
    exit code 0"
  `);
});

test("a group of commands shows its own", async () => {
  expect(await say("svc")).toMatchInlineSnapshot(`
    "stdout:
    Usage: pilotfish svc COMMAND [flags]

    Services: programs that run without end, alone or behind a load balancer.

    Options:
      -h, --help     Print this help.
      -v, --version  Print the version.
      --no-color     Print without colours.
      --debug        Show the stack of an unexpected error.

    Commands:
      init           Adds a service to the application.
      deploy         Builds a service's image and deploys it.
      status         Shows the deployments, tasks and health of a deployed service.
      history        Lists what was deployed of a service, by whom, and how it ended.
      rollback       Deploys a former revision of a service again, without building anything.
      logs           Prints the logs of a deployed service.
      ls             Lists the services of the application, and where they are deployed.
      show           Shows a service in each environment: addresses, size, variables, secrets by name.
      exec           Runs a command in a container of a running task, or opens a shell there.
      taskdef        Prints the task definition that a deploy would register.
      package        Prints the CloudFormation template of a service.
      pause          Pauses a service that runs on App Runner: it answers nothing until it is resumed.
      resume         Resumes a paused service on App Runner.
      delete         Removes a deployed service; its manifest stays.
      override       Writes a start for overriding a service's template. (not in this version)
    exit code 0"
  `);
  expect(await say("help", "svc")).toBe(await say("svc", "-h"));
});

test("a command shows its flags and examples", async () => {
  expect(await say("svc", "logs", "--help")).toMatchInlineSnapshot(`
    "stdout:
    Usage: pilotfish svc logs [flags]

    Prints the logs of a deployed service.

    Options:
      -a, --app <NAME>     Name of the application.
      -n, --name <NAME>    Name of the service.
      -e, --env <NAME>     Name of the environment.
      --local              A simulated environment; without -e the one named local.
      --aws                An environment on AWS.
      --follow             Go on with new lines until Ctrl-C.
      --since <DURATION>   Lines of this last while, such as 90s or 1h.
      --start-time <TIME>  Lines from this time on, as RFC 3339.
      --end-time <TIME>    Lines up to this time, as RFC 3339.
      --limit <NUMBER>     The newest lines only, 1 to 10000.
      --tasks <IDS>        Lines of these tasks only; the beginning of an id will do.
      --container <NAME>   Lines of this container only.
      --filter <TERMS>     Lines with all of these terms; "two words" is one, -x must not be there, of
                           ?x ?y one.
      -p, --previous       Lines of the task that stopped last.
      --log-group <NAME>   A log group of CloudWatch instead of the service's own; on AWS.
      --json               Print JSON instead of text.
      -h, --help           Print this help.
      --no-color           Print without colours.
      --debug              Show the stack of an unexpected error.

    Examples:
      pilotfish svc logs -n api -e local --follow
      pilotfish svc logs -n api -e local --since 5m --limit 100
      pilotfish svc logs -n api -e local --filter 'ERROR -"health check"'
    exit code 0"
  `);
  expect(await say("help", "svc", "logs")).toBe(await say("-h", "svc", "logs"));
});

test("version is one line, or a document", async () => {
  expect(await say("version")).toMatch(/^stdout:\npilotfish \d+\.\d+\.\d+\nexit code 0$/);
  expect(await say("-v")).toBe(await say("version"));
  expect(await say("--version")).toBe(await say("version"));
  expect(await say("version", "--json")).toMatch(
    /^stdout:\n\{\n {2}"version": "\d+\.\d+\.\d+",\n {2}"node": "[\d.]+"\n\}\nexit code 0$/,
  );
});

test("an unknown command is refused with the one that is meant", async () => {
  expect(await say("svc", "dploy")).toMatchInlineSnapshot(`
    "stderr:
    error  there is no command svc dploy  (usage/unknown-command)
           did you mean pilotfish svc deploy?
    exit code 2"
  `);
  expect(await say("frobnicate", "all")).toMatchInlineSnapshot(`
    "stderr:
    error  there is no command frobnicate all  (usage/unknown-command)
           pilotfish --help
    exit code 2"
  `);
});

test("a command of Copilot's that is to come is called that", async () => {
  expect(await say("env", "deploy", "--name", "test")).toMatchInlineSnapshot(`
    "stderr:
    error  there are no credentials for AWS  (aws/no-credentials)
           aws configure
    exit code 1"
  `);
  for (const { name } of laterCommands("")) {
    expect(await say(...name.split(" "))).toMatch(/is not in this version[^]*exit code 2$/);
    expect(await say(...name.split(" "), "--help")).toMatch(/This command is not in this version[^]*exit code 0$/);
  }
});

test("what a command that is to come takes is shown by its help, under all of its names", async () => {
  expect(await say("storage", "init", "--help")).toMatchInlineSnapshot(`
    "stdout:
    Usage: pilotfish storage init [flags]

    Adds a bucket, a table or a database to a workload or an environment.

    This command is not in this version of pilotfish.

    Options:
      -n, --name <VALUE>
      -t, --storage-type <VALUE>
      -w, --workload <VALUE>
      -l, --lifecycle <VALUE>
      --add-ingress-from <VALUE>
      --partition-key <VALUE>
      --sort-key <VALUE>
      --lsi <VALUES>
      --no-lsi
      --no-sort
      --serverless-version <VALUE>
      --engine <VALUE>
      --initial-db <VALUE>
      --parameter-group <VALUE>
    exit code 0"
  `);
  expect(await say("help", "storage", "init")).toBe(await say("storage", "init", "-h"));
  expect(await say("pipeline", "update", "-h")).toBe(await say("pipeline", "deploy", "-h"));
  expect(await say("run", "-h")).toBe(await say("run", "local", "-h"));
  expect(await say("storage")).toMatchInlineSnapshot(`
    "stdout:
    Usage: pilotfish storage COMMAND [flags]

    Buckets, tables and databases.

    Options:
      -h, --help     Print this help.
      -v, --version  Print the version.
      --no-color     Print without colours.
      --debug        Show the stack of an unexpected error.

    Commands:
      init           Adds a bucket, a table or a database to a workload or an environment. (not in this
                     version)
    exit code 0"
  `);
  expect(await say("env", "upgrade", "--all")).toMatch(/env upgrade is not in this version[^]*exit code 2$/);
  expect(await say("env")).not.toContain("upgrade");
});

test("an unknown flag is refused with the one that is meant", async () => {
  expect(await say("svc", "deploy", "--forse")).toMatchInlineSnapshot(`
    "stderr:
    error  svc deploy has no flag --forse  (usage/invalid-flag)
           did you mean --force?
    exit code 2"
  `);
  expect(await say("--json-lines", "svc", "deploy")).toMatchInlineSnapshot(`
    "stderr:
    error  pilotfish has no flag --json-lines  (usage/invalid-flag)
           pilotfish --help
    exit code 2"
  `);
});

test("a switch with a value that is none says what it takes", async () => {
  expect(await say("svc", "logs", "--follow=maybe")).toMatchInlineSnapshot(`
    "stderr:
    error  --follow is a switch: it takes true or false, or nothing  (usage/invalid-flag)
           write --follow
    exit code 2"
  `);
});

test("a flag of Copilot's that is to come is called that, with or without a value", async () => {
  expect(await say("svc", "deploy", "-n", "api", "--resource-tags", "a=b")).toMatchInlineSnapshot(`
    "stderr:
    error  --resource-tags is for environments on AWS: the simulator has no stacks  (usage/invalid-flag)
           leave it out
    exit code 2"
  `);
  expect(await say("svc", "deploy", "--resource-tags=a=b")).toBe(await say("svc", "deploy", "--resource-tags", "a=b"));
});

test("every flag of Copilot's that a command does not have yet is called that, by its short form too", async () => {
  let tried = 0;
  for (const { name, load } of commandTable) {
    const input = Object.values((await load()).input.shape);
    const known = input.flatMap((schema) => flagInfo.get(schema)?.name ?? []);
    for (const later of copilotFlags(name).filter((each) => !known.includes(each.name))) {
      const value = later.kind === undefined ? [] : ["x"];
      const said = await say(...name.split(" "), `--${later.name}`, ...value);
      expect(said).toContain(`${name} --${later.name} is not in this version of pilotfish`);
      if (later.short !== undefined) expect(await say(...name.split(" "), `-${later.short}`, ...value)).toBe(said);
      tried += 1;
    }
  }
  expect(tried).toBeGreaterThan(10);
});

test("a flag without its value, a value that is none, and words that belong nowhere are refused", async () => {
  expect(await say("svc", "deploy", "-n")).toMatchInlineSnapshot(`
    "stderr:
    error  --name needs a value  (usage/invalid-flag)
           pilotfish svc deploy --help
    exit code 2"
  `);
  expect(await say("svc", "logs", "--limit", "0", "--since", "yesterday")).toMatchInlineSnapshot(`
    "stderr:
    error  --since must be a duration above zero, such as 90s, 10m or 1h30m  (usage/invalid-flag)
           | --limit must be a whole number from 1 to 10000
           pilotfish svc logs --help
    exit code 2"
  `);
  expect(await say("svc", "deploy", "api")).toMatchInlineSnapshot(`
    "stderr:
    error  svc deploy takes flags only, and got "api"  (usage/invalid-flag)
           pilotfish svc deploy --help
    exit code 2"
  `);
  expect(await say("svc", "logs", "--tasks", "a,,b")).toMatchInlineSnapshot(`
    "stderr:
    error  --tasks has an empty value  (usage/invalid-flag)
           pilotfish svc logs --help
    exit code 2"
  `);
});

test.each([
  ["--since", "1m", "--start-time", "2026-01-02T03:04:05Z"],
  ["--follow", "--end-time", "2026-01-02T03:04:05Z"],
  ["--follow", "--previous"],
])("svc logs refuses %s with what contradicts it", async (...flags) => {
  expect(await say("svc", "logs", ...flags)).toMatch(
    /--[a-z-]+ and --[a-z-]+ exclude each other {2}\(usage\/invalid-flag\)\n.*\nexit code 2$/,
  );
});

test("a usage error is JSON where JSON is wanted", async () => {
  expect(await say("svc", "status", "--json", "--nope")).toMatchInlineSnapshot(`
    "stdout:
    {"type":"error","code":"usage/invalid-flag","message":"svc status has no flag --nope","hint":"pilotfish svc status --help","details":[],"diagnostics":[]}
    exit code 2"
  `);
});

test("an error that nobody expects is called a bug, and shows its stack only when asked", async () => {
  const provider = new FakeProvider({});
  provider.describeWorkload = async () => {
    throw new TypeError("x is not a function");
  };
  const argv = ["svc", "status", "-n", "api", "-e", "local"];
  const host = async (env = {}) => new FakeHost({ cwd: await demoWorkspace(), provider, env });
  expect(await run(argv, await host())).toMatchInlineSnapshot(`
    "stderr:
    error  this is a bug in pilotfish: TypeError: x is not a function
           run the same command with --debug and report what it prints
    exit code 1"
  `);
  expect(await run([...argv, "--debug"], await host())).toMatch(
    /please report it.*\n {2}TypeError: x is not a function\n {6}at /,
  );
  expect(await run(argv, await host({ PILOTFISH_DEBUG: "1" }))).toContain("    at ");
});

describe("colours", () => {
  const colored = async (env: Record<string, string>, terminal: boolean, ...more: string[]): Promise<boolean> => {
    const size = terminal ? { columns: 80, rows: 24 } : undefined;
    const host = new FakeHost({ cwd: await demoWorkspace(), env, terminal: size });
    await run(["svc", "dploy", ...more], host);
    return host.stderr.text.includes("\x1b[");
  };
  test("are for terminals", async () => {
    expect([await colored({}, true), await colored({}, false)]).toEqual([true, false]);
  });
  test("are left out for NO_COLOR, --no-color and a dumb terminal", async () => {
    const left = [colored({ NO_COLOR: "1" }, true), colored({}, true, "--no-color"), colored({ TERM: "dumb" }, true)];
    expect(await Promise.all(left)).toEqual([false, false, false]);
  });
  test("can be forced", async () => {
    expect([await colored({ FORCE_COLOR: "1" }, false), await colored({ FORCE_COLOR: "0" }, true)]).toEqual([
      true,
      false,
    ]);
  });
});

describe.each(commandTable)("the command $name", ({ name, summary, load }) => {
  test("is the one that the table says, has help, and reads no flags as input", async () => {
    const command = await load();
    expect([command.name, command.summary]).toEqual([name, summary]);
    expect(commandHelp(command)).toContain(summary.slice(0, 30));
    expect(() => readInput(command, [])).not.toThrow();
  });
});
