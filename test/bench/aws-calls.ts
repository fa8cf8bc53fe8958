import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { AwsEmulator } from "../support/aws/emulator.ts";
import { fullDeploy, shop, typedInTurn } from "../support/aws/full-deploy.ts";
import { missingForAws } from "../support/aws/missing-for-aws.ts";
import { cliEnvironment, pilotfish, startCli } from "../support/run-cli.ts";
import { atMost, median, notMeasured, type Row } from "./row.ts";

const names = {
  unchanged: "AWS calls of svc deploy without a change",
  image: "AWS calls of svc deploy with another image",
  seconds: "svc deploy with another image to AWS, wall time",
  ratio: "the same beside node -e 0 and what AWS takes to answer",
};

const rounds = 5;

/** What Copilot did with another image, against an emulator on the machine where it was counted. */
const copilot = { seconds: 1.8, calls: 44, perCall: 0.007 };

/** What deploying a Load Balanced Web Service again, one that runs, asks of AWS and how long it takes: counted on the wire, from
 *  the start of the program to its end, with following the deployment of a new image until it has completed. */
export async function benchAwsCalls(home: string): Promise<Row[]> {
  if (missingForAws !== undefined)
    return Object.values(names).map((name) => notMeasured(name, "calls", missingForAws ?? ""));
  const cwd = mkdtempSync(join(tmpdir(), "pf-bench-aws-"));
  const aws = new AwsEmulator();
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(cwd, file)), { recursive: true });
    writeFileSync(join(cwd, file), text);
  };
  const manifest = "copilot/front/manifest.yml";
  try {
    await aws.start();
    aws.takeEnvironment();
    for (const [file, text] of Object.entries(shop)) write(file, text);
    const { exitCode, said } = await typedInTurn(fullDeploy(["front"]), cwd);
    if (exitCode !== 0) throw new Error(`the first deploy failed: ${said.code} ${said.message}`);
    const answers = watch(aws);
    const unchanged = await deploy({ cwd, home, aws, answers });
    const images: Deploy[] = [];
    for (let round = 0; round < rounds; round++) {
      write(manifest, shop[manifest].replace("front:1", `front:${round + 2}`));
      images.push(await deploy({ cwd, home, aws, answers }));
    }
    const seconds = median(images.map((each) => each.seconds));
    const perCall = median(images.map(({ busy, calls }) => busy / calls));
    const callIn = `${(perCall * 1000).toPrecision(2)} ms`;
    return [
      atMost(15, { name: names.unchanged, value: unchanged.calls, unit: "calls" }),
      atMost(30, { name: names.image, value: Math.max(...images.map(({ calls }) => calls)), unit: "calls" }),
      {
        ...atMost(copilotAt(perCall), { name: names.seconds, value: seconds, unit: `s, where a call takes ${callIn}` }),
        goal: `at most ${copilotAt(perCall).toFixed(1)}, as Copilot there (1.8 s at 7 ms)`,
      },
      atMost(3, {
        name: names.ratio,
        value: median(images.map((each) => each.seconds / (each.nothing + each.busy))),
        unit: "times as long",
      }),
    ];
  } finally {
    await aws.end();
    rmSync(cwd, { recursive: true, force: true });
  }
}

/** What Copilot would take where a call takes so many seconds: it makes one after the other. */
function copilotAt(perCall: number): number {
  return copilot.seconds + copilot.calls * (perCall - copilot.perCall);
}

interface Deploy {
  calls: number;
  seconds: number;
  /** Seconds in which AWS was answering, all calls added up. */
  busy: number;
  /** Seconds of Node doing nothing, just before. */
  nothing: number;
}

interface Answers {
  seconds: number;
}

function watch(aws: AwsEmulator): Answers {
  const answers = { seconds: 0 };
  aws.use(async (_call, pass) => {
    const asked = performance.now();
    try {
      return await pass();
    } finally {
      answers.seconds += since(asked);
    }
  });
  return answers;
}

/** The built program, as people start it. */
async function deploy(place: { cwd: string; home: string; aws: AwsEmulator; answers: Answers }): Promise<Deploy> {
  const { cwd, home, aws, answers } = place;
  const before = performance.now();
  spawnSync(process.execPath, ["-e", "0"], { cwd, env: cliEnvironment(home) });
  const nothing = since(before);
  aws.calls.length = 0;
  answers.seconds = 0;
  const begun = performance.now();
  const args = ["svc", "deploy", "-n", "front", "-e", "test", "--aws"];
  const { code, stderr } = await startCli(args, { cwd, home, env: aws.env }).result;
  const seconds = since(begun);
  if (code !== 0) throw new Error(`${pilotfish} ${args.join(" ")} ended with exit code ${code}: ${stderr}`);
  return { calls: aws.calls.length, seconds, busy: answers.seconds, nothing };
}

function since(then: number): number {
  return (performance.now() - then) / 1000;
}
